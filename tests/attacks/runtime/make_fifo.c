// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mknodat
// A file that hangs whoever opens it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    long result = mkfifo("fifo", 0666);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
