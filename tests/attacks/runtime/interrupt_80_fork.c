// expect: blocked rule=inline-assembly
// unvalidated: blocked_syscall signal=SIGSYS
// 2 is fork in the 32-bit table and open in the 64-bit one.
#include <stdio.h>

int main(void)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "0"(2L) : "memory");
    puts("ESCAPED: the 32-bit table answered");
    return result == 0;
}
