// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall signal=SIGSYS
// A signed comparison in a filter would let it through.
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    syscall(-1);
    syscall(0x80000000L);
    puts("ESCAPED: the call returned");
    return 0;
}
