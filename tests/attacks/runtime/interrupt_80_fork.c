// expect: blocked rule=inline-assembly
// unvalidated: blocked_syscall signal=SIGSYS
// gvisor: success stdout=contained
// 2 is fork in the 32-bit table and open in the 64-bit one; gVisor has only the latter.
#include <stdio.h>

int main(void)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "0"(2L) : "memory");
    puts(result >= 0 ? "ESCAPED: the 32-bit table answered" : "contained");
    return 0;
}
