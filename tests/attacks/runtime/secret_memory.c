// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=memfd_secret
// Memory that nobody else can look into.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_memfd_secret, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
