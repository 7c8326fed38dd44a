// expect: blocked rule=inline-assembly
// unvalidated: compile_error
// The supervisor itself, whose code shows what to attack.
#include <stdio.h>

asm("secret: .incbin \"/supervisor\"\n .byte 0");
extern char secret[];

int main(void)
{
    printf("ESCAPED %s\n", secret + 1);
    return 0;
}
