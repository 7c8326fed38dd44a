// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=bpf
// Code for the kernel.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_bpf, 5, (char[128]){0}, 128);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
