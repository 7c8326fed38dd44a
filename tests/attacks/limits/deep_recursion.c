// expect: runtime_error signal=SIGSEGV
// unvalidated: runtime_error signal=SIGSEGV
// The stack has 8 MB and a guard behind it.
#include <stdio.h>

static volatile int more = 1;

static int down(int n)
{
    volatile char frame[1024];
    frame[0] = (char)n;
    return more ? down(n + 1) + frame[0] : frame[0];
}

int main(void)
{
    printf("ESCAPED %d\n", down(0));
    return 0;
}
