// expect: blocked rule=dangerous-header
// unvalidated: timeout rule=timeout
// SIGXCPU can be ignored; wall time cannot.
#include <signal.h>

int main(void)
{
    signal(SIGXCPU, SIG_IGN);
    for (volatile unsigned long i = 0;; i++)
        ;
}
