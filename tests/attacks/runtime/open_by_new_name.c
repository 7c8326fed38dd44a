// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=openat2
// Its flags are in memory, where no filter can check them.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_openat2, -100, "/etc/passwd", (long[3]){0}, 24);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
