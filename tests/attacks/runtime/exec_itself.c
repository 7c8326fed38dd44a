// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=execve
// One exec only: a second image would start without what the first one was told.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = execl("/build/program", "program", (char *)0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
