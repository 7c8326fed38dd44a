// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=fchmod
// chmod without a path.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    long result = fchmod(1, 04777);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
