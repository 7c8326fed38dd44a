// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=fcntl
// Locks, leases, signals: fcntl is many calls in one.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <fcntl.h>
#include <unistd.h>

int main(void)
{
    long result = fcntl(0, F_SETFL, O_NONBLOCK);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
