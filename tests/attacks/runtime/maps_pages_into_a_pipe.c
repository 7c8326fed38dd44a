// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=vmsplice
// Pages given to the kernel that the program still writes to.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
    long result = vmsplice(1, &(struct iovec){"ESCAPED", 7}, 1, SPLICE_F_GIFT);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
