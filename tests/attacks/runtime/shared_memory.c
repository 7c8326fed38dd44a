// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=shmget
// Outlives the process that made it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/shm.h>
#include <unistd.h>

int main(void)
{
    long result = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
