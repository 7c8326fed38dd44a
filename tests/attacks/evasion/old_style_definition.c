// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// Looks as if the program defined it, in a branch that is never compiled.
#include <stdlib.h>

#if 0
int system(const char *command) {
    return 0;
}
#endif

int main(void)
{
    return system("echo ESCAPED");
}
