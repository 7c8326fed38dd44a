// expect: runtime_error signal=SIGSEGV
// unvalidated: runtime_error signal=SIGSEGV
// Machine code in a local array.
#include <stdio.h>
#include <string.h>

int main(void)
{
    volatile unsigned char code[] = {0xb8, 57, 0, 0, 0, 0x0f, 5, 0xc3};
    if (((int (*)(void))(unsigned long)code)() >= 0)
        puts("ESCAPED");
    return code[0] == 0;
}
