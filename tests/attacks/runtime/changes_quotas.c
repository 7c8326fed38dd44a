// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=quotactl
// Space of the host's file systems.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/quota.h>
#include <unistd.h>

int main(void)
{
    long result = quotactl(QCMD(Q_QUOTAOFF, USRQUOTA), "/dev/root", 0, NULL);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
