// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall signal=SIGSYS
// Bit 30 selects the x32 table, where a filter that compares numbers sees other ones.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    syscall(0x40000000 | SYS_socket, 1, 1, 0);
    puts("ESCAPED: the x32 table answered");
    return 0;
}
