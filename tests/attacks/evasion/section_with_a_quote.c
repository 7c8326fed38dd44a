// expect: blocked rule=attribute
// unvalidated: compile_error
// A section's name goes raw into the assembler's input.
#include <stdio.h>

__attribute__((section(".data\n.globl secret\nsecret: .incbin \"/etc/passwd\"\n.byte 0\n#"))) int x = 1;
extern char secret[];

int main(void)
{
    printf("ESCAPED %s\n", secret);
    return 0;
}
