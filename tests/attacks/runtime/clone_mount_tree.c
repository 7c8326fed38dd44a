// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=open_tree
// A copy of a mount without its masks.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_open_tree, -100, "/proc", 1);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
