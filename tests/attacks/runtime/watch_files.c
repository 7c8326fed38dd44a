// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=inotify_init1
// Sees what others do in the file system.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

int main(void)
{
    long result = inotify_init1(0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
