// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=fanotify_init
// Sees and delays what others do in the file system.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_fanotify_init, 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
