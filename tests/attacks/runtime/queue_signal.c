// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=rt_sigqueueinfo
// A signal with a forged sender.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_rt_sigqueueinfo, 1, SIGCHLD, &(siginfo_t){.si_code = SI_QUEUE});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
