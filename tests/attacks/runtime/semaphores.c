// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=semget
// Outlives the process that made it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/sem.h>
#include <unistd.h>

int main(void)
{
    long result = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
