// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=setxattr
// Data in a place that nobody counts or brings out.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/xattr.h>
#include <unistd.h>

int main(void)
{
    long result = setxattr("main.c", "user.hidden", "x", 1, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
