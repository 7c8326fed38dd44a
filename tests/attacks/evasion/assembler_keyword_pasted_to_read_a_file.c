// expect: compile_error
// unvalidated: compile_error
// .incbin copies any file that the assembler may read.
#include <stdio.h>

#define JOIN(a, b) a##b
JOIN(as, m)("secret: .incbin \"/etc/passwd\"\n .byte 0");
extern char secret[];

int main(void)
{
    printf("ESCAPED %s\n", secret);
    return 0;
}
