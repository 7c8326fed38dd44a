// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=socketpair
// Even a local pair can carry descriptors.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    long result = socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
