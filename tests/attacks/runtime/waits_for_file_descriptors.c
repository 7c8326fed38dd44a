// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=poll
// Waiting for a descriptor that is not its own.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = poll(&(struct pollfd){3, POLLIN, 0}, 1, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
