// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=request_key
// Makes the kernel start a helper on the host.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_request_key, "user", "cloister", "x", -3);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
