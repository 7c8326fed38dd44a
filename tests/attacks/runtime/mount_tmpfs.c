// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mount
// Hides or replaces what a path means.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(void)
{
    long result = mount("none", "/work", "tmpfs", 0, "");
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
