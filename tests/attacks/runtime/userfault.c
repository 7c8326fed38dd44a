// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=userfaultfd
// Holds the kernel in the middle of a copy: the tool of many exploits.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_userfaultfd, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
