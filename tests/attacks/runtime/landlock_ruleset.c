// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=landlock_create_ruleset
// Nothing a program needs here.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_landlock_create_ruleset, 0, 0, 1);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
