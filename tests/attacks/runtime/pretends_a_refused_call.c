// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=tgkill
// A signal that the program sends to itself must not look like a filter that killed it.
#include <signal.h>

int main(void)
{
    return raise(SIGSYS);
}
