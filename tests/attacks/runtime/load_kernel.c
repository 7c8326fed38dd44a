// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=kexec_load
// A kernel of one's own.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_kexec_load, 0, 0, 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
