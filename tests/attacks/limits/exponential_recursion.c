// expect: timeout rule=timeout
// unvalidated: timeout rule=timeout
// Exponential time without a loop that looks endless.
#include <stdio.h>

static volatile long calls;

static int tries(int n)
{
    calls++;
    return n == 0 ? 1 : tries(n - 1) + tries(n - 1);
}

int main(void)
{
    printf("ESCAPED %d\n", tries(60));
    return 0;
}
