// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=reboot
// In case it works.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_reboot, 0xfee1dead, 672274793, 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
