// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=prctl
// Even reading the flags back tells what stands in the way.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
    long result = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
