// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=sethostname
// Shows whether the namespace is one's own.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = sethostname("owned", 5);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
