// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=sendmsg
// Passes descriptors if the stream is a socket.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    long result = sendmsg(1, &(struct msghdr){0}, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
