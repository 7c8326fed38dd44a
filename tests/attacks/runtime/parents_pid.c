// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=getppid
// Harmless, and yet nothing a program here needs: the list is of needs, not of dangers.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = getppid();
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
