// expect: blocked rule=inline-assembly
// unvalidated: runtime_error signal=SIGSEGV
// sigreturn loads all registers at once, the segment of 32-bit code among them; the filter stays.
#include <stdio.h>

int main(void)
{
    __asm__ volatile("mov $15, %eax\n\txor %esp, %esp\n\tsyscall");
    puts("ESCAPED");
    return 0;
}
