// expect: success stdout="ackermann(2, 3) = 9"
#include <stdio.h>

static unsigned ackermann(unsigned m, unsigned n)
{
    if (m == 0)
        return n + 1;
    return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

int main(void)
{
    printf("ackermann(2, 3) = %u\n", ackermann(2, 3));
    return 0;
}
