// expect: blocked rule=dangerous-header
// unvalidated: runtime_error signal=SIGKILL
// The out-of-memory killer counts; a SIGKILL from oneself does not look like it.
#include <signal.h>

int main(void)
{
    return raise(SIGKILL);
}
