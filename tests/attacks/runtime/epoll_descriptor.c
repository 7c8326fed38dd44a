// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=epoll_create1
// Kernel objects that no limit here counts.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

int main(void)
{
    long result = epoll_create1(0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
