// expect: blocked rule=attribute
// unvalidated: blocked_syscall call=fork
// Machine code as numbers in an executable section: no assembler keyword anywhere.
#include <stdio.h>

__attribute__((section(".text"))) static const unsigned char code[] = {0xb8, 57, 0, 0, 0, 0x0f, 5, 0xc3};

int main(void)
{
    if (((int (*)(void))code)() >= 0)
        puts("ESCAPED");
    return 0;
}
