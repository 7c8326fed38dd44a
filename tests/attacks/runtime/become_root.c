// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=setuid
// The plainest attempt of all.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = setuid(0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
