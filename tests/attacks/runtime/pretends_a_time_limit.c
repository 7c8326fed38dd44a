// expect: blocked rule=dangerous-header
// unvalidated: runtime_error signal=SIGXCPU
// Nor does it make a limit of time.
#include <signal.h>

int main(void)
{
    return raise(SIGXCPU);
}
