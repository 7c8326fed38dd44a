// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=splice
// Moves pages between pipes and files: Dirty Pipe.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <fcntl.h>
#include <unistd.h>

int main(void)
{
    long result = splice(0, 0, 1, 0, 4096, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
