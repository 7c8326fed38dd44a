// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=link
// A second name for a file that is not one's own.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = link("/build/program", "link");
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
