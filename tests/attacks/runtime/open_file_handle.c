// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=open_by_handle_at
// The second half: opens any file of the host's disk by its number.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_open_by_handle_at, 0, (int[34]){8, 1, 2}, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
