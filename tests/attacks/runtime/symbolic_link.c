// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=symlink
// The server must never follow one out of the project.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = symlink("/etc/passwd", "link");
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
