// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=execve
// A compiler at run time has a wider filter elsewhere.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = execl("/usr/lib/cloister/cc1", "cc1", "--version", (char *)0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
