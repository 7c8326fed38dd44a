// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=memfd_create
// A file that no mount option and no path rule reaches, to be run as a program.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_memfd_create, "x", 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
