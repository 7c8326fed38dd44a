// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// The macro's body is where the name is.
#include <stdlib.h>

#define greet system

int main(void)
{
    return greet("echo ESCAPED");
}
