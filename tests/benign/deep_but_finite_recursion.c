// expect: success stdout="100000 deep"
#include <stdio.h>

static volatile int bottom;

static int down(int n)
{
    int below = n ? down(n - 1) : 0;
    bottom = n;
    return below + 1;
}

int main(void)
{
    printf("%d deep\n", down(99999));
    return 0;
}
