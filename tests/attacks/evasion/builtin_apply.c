// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// A call without a call expression.
#include <stdlib.h>

static void caller(const char *text)
{
    __builtin_return(__builtin_apply((void (*)())system, __builtin_apply_args(), 64));
}

int main(void)
{
    caller("echo ESCAPED");
    return 0;
}
