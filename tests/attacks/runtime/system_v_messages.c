// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=msgget
// Outlives the process that made it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/msg.h>
#include <unistd.h>

int main(void)
{
    long result = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
