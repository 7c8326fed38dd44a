// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=utimensat
// Hides what was changed.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    long result = utimensat(-100, "main.c", 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
