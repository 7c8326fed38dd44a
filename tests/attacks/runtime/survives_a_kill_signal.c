// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=socket
// All signals ignored and blocked.
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>

int main(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int number = 1; number < 65; number++)
        signal(number, SIG_IGN);
    socket(AF_INET, SOCK_STREAM, 0);
    puts("ESCAPED: still running");
    return 0;
}
