// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=eventfd2
// Kernel objects that no limit here counts.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

int main(void)
{
    long result = eventfd(0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
