// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// No word of the source is the name; the object's symbol table has it.
#include <stdlib.h>

#define JOIN(a, b) a##b

int main(void)
{
    return JOIN(sys, tem)("echo ESCAPED");
}
