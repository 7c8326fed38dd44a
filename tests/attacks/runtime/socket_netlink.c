// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=socket
// Talks to the kernel's own network code, which had many holes.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    long result = socket(AF_NETLINK, SOCK_RAW, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
