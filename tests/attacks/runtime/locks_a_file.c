// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=flock
// A lock on a file that others share would make them wait.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

int main(void)
{
    long result = flock(1, LOCK_EX | LOCK_NB);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
