// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=capset
// All capabilities for the asking.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_capset, (int[2]){0x20080522, 0}, (int[6]){-1, -1, -1, -1, -1, -1});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
