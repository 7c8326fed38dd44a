// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=bind
// Listens, on whatever descriptor it finds.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    long result = bind(0, &(struct sockaddr){.sa_family = AF_INET}, sizeof(struct sockaddr));
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
