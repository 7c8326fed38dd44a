// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=unshare
// A user namespace gives back every capability inside it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sched.h>
#include <unistd.h>

int main(void)
{
    long result = unshare(CLONE_NEWUSER);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
