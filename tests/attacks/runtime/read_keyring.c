// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=keyctl
// Keyrings are not namespaced.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_keyctl, 0, -3, 1);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
