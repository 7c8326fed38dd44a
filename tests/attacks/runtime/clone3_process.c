// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clone3
// Its flags are in memory, where no filter can check them.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_clone3, (unsigned long[11]){[4] = 17}, 88);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
