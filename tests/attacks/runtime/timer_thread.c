// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=timer_create
// <time.h> alone starts threads: a timer that notifies by thread.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_timer_create, 0, 0, &(int){0});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
