// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=syslog
// Tells what the host does, and where its kernel lies in memory.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_syslog, 3, (char[64]){0}, 64);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
