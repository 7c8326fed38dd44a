// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=socket
// A way to daemons that listen on a path, the engine among them.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    long result = socket(AF_UNIX, SOCK_STREAM, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
