// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=sync
// Every disk of the host, busy in a loop.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = (sync(), 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
