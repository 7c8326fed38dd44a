// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=setgroups
// Groups that a file of the machine belongs to.
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = setgroups(0, NULL);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
