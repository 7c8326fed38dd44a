// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clone
// A second process lives beside the limits of the first.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = fork();
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
