// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=io_setup
// Asynchronous reads and writes outside the filter's sight.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_io_setup, 1, &(unsigned long){0});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
