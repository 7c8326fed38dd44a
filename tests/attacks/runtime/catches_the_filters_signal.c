// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=socket
// A filter that answers with SIGSYS lets the program handle it and go on; this one does not.
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>

static void on_refusal(int signal)
{
    (void)signal;
    puts("ESCAPED: still running");
}

int main(void)
{
    signal(SIGSYS, on_refusal);
    socket(AF_INET, SOCK_STREAM, 0);
    puts("ESCAPED: still running");
    return 0;
}
