// expect: blocked rule=inline-assembly
// unvalidated: blocked_syscall signal=SIGSYS
// The 32-bit table has other numbers: 359 is socket there.
#include <stdio.h>

int main(void)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "0"(359L), "b"(2L), "c"(1L), "d"(0L) : "memory");
    puts(result >= 0 ? "ESCAPED" : "ESCAPED: the 32-bit table answered");
    return 0;
}
