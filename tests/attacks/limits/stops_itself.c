// expect: blocked rule=dangerous-header
// unvalidated: timeout rule=timeout
// A stopped process has not ended, and uses no processor.
#include <signal.h>

int main(void)
{
    return raise(SIGSTOP);
}
