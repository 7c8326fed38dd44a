// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=chown
// A file that belongs to root.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = chown("main.c", 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
