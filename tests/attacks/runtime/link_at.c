// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=linkat
// link by its newer name.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <fcntl.h>
#include <unistd.h>

int main(void)
{
    long result = linkat(AT_FDCWD, "main.c", AT_FDCWD, "link", 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
