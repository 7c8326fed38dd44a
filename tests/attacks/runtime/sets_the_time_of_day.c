// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=settimeofday
// The machine's clock.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_settimeofday, &(struct timeval){0, 0}, NULL);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
