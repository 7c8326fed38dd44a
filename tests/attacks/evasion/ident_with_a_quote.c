// expect: blocked rule=ident-directive
// unvalidated: compile_error
// #ident's text goes raw into the assembler's input: a quote and a newline, and it is a command.
#include <stdio.h>
#ident "x\"\n.globl secret\nsecret: .incbin \"/etc/passwd\"\n.byte 0\n.ascii \""
extern char secret[];

int main(void)
{
    printf("ESCAPED %s\n", secret);
    return 0;
}
