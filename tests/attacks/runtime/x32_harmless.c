// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall signal=SIGSYS
// Not even a call that is allowed by its proper number.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    syscall(0x40000000 | SYS_getpid);
    puts("ESCAPED: the x32 table answered");
    return 0;
}
