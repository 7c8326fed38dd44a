// expect: blocked rule=inline-assembly
// unvalidated: runtime_error signal=SIGSEGV
// The note that asks the linker for an executable stack.
#include <stdio.h>

__asm__(".section .note.GNU-stack,\"x\",@progbits\n.text");

int main(void)
{
    volatile unsigned char code[] = {0xc3};
    ((void (*)(void))(unsigned long)code)();
    puts("ESCAPED");
    return code[0] == 0;
}
