// expect: blocked rule=inline-assembly
// unvalidated: compile_error
// Files that only the supervisor may read, at compile time.
#include <stdio.h>

asm("secret: .incbin \"/proc/1/environ\"\n .byte 0");
extern char secret[];

int main(void)
{
    printf("ESCAPED %s\n", secret);
    return 0;
}
