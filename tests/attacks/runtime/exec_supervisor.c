// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=execve
// The one static program of the image.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = execl("/supervisor", "supervisor", (char *)0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
