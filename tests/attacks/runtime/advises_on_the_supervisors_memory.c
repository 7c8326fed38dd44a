// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=process_madvise
// Another process's memory, thrown out under it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_process_madvise, 3, NULL, 0L, 4, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
