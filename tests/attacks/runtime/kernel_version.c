// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=uname
// Which exploit to choose.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(void)
{
    long result = uname(&(struct utsname){0});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
