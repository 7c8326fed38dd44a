// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=tgkill
// raise() needs tgkill: for oneself only.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_tgkill, 1, 1, SIGKILL);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
