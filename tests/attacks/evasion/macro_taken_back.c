// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// A macro of the function's name makes it the program's own, until it is undefined.
#include <stdio.h>
#include <stdlib.h>
#define system(command) puts(command)
#undef system

int main(void)
{
    return system("echo ESCAPED");
}
