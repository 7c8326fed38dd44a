// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=kill
// The supervisor has the same user, so the kernel would allow it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <signal.h>
#include <unistd.h>

int main(void)
{
    long result = kill(1, SIGSTOP);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
