// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=socket
// The kernel's crypto interface, a frequent source of holes.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    long result = socket(AF_ALG, SOCK_SEQPACKET, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
