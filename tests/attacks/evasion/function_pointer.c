// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// Never called by its name.
#include <stdlib.h>

int main(void)
{
    int (*innocent)(const char *) = system;
    return innocent("echo ESCAPED");
}
