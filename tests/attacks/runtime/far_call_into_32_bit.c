// expect: blocked rule=inline-assembly
// unvalidated: runtime_error signal=SIGSEGV
// A far jump to selector 0x23 runs the next instructions as 32-bit code.
#include <stdio.h>

int main(void)
{
    __asm__ volatile("push $0x23\n\tlea 1f(%%rip), %%rax\n\tpush %%rax\n\tlretq\n1:\tmov $20, %%eax\n\tint $0x80"
                     ::: "rax", "memory");
    puts("ESCAPED");
    return 0;
}
