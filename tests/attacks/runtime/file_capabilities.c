// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=setxattr
// Capabilities travel in extended attributes.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/xattr.h>
#include <unistd.h>

int main(void)
{
    long result = setxattr("main.c", "security.capability", "x", 1, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
