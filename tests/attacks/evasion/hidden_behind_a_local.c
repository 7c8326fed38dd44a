// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// A local of that name makes a validator silent; the call stands in another scope.
#include <stdlib.h>

static int harmless(int system)
{
    return system + 1;
}

static int harmful(void)
{
    int (*call)(const char *) = (system);
    return call("echo ESCAPED");
}

int main(void)
{
    return harmless(1) + harmful();
}
