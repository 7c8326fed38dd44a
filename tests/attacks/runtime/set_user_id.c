// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=chmod
// A set-uid file in the project.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    long result = chmod("main.c", 04777);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
