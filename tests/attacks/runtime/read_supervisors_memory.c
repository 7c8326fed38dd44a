// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=process_vm_readv
// The nonce of the verdict is in there.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
    long result = process_vm_readv(1, &(struct iovec){0}, 1, &(struct iovec){0}, 1, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
