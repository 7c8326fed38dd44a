// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=add_key
// Keyrings are not namespaced.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_add_key, "user", "cloister", "x", 1, -3);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
