// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mkdir
// Deep trees are the oldest way to hang a clean-up.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    long result = mkdir("deep", 0777);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
