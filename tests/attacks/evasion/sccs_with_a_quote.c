// expect: blocked rule=ident-directive
// unvalidated: compile_error
// #sccs is #ident.
#include <stdio.h>
#sccs "x\"\n.globl secret\nsecret: .incbin \"/proc/self/environ\"\n.byte 0\n.ascii \""
extern char secret[];

int main(void)
{
    printf("ESCAPED %s\n", secret);
    return 0;
}
