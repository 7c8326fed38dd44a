// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=chdir
// Relative paths would then mean something else.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = chdir("/");
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
