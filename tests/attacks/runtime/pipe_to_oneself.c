// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=pipe2
// Memory of the kernel that is charged to nobody.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_pipe2, (int[2]){0}, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
