// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=pidfd_getfd
// The supervisor may do this, and its filter must not be inherited as a permission.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_pidfd_getfd, 0, 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
