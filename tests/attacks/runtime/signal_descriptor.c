// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=signalfd4
// Kernel objects that no limit here counts.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_signalfd4, -1, &(long){0}, 8, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
