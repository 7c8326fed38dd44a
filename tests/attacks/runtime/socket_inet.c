// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=socket
// A way out over the network.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    long result = socket(AF_INET, SOCK_STREAM, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
