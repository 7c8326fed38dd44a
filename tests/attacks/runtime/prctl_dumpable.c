// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=prctl
// Changes what others may do with this process, and its own seccomp mode.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
    long result = prctl(PR_SET_NAME, "supervisor");
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
