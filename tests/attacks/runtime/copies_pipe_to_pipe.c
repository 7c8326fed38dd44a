// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=tee
// Output that did not go through write.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = tee(0, 1, 4096, SPLICE_F_NONBLOCK);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
