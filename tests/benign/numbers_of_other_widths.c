// expect: success stdout="half 0.75 equal 1\n128 bits 18446744073709551616 quad 0.3\n"
// gcc's own number types: it calls its run-time library for most of what is done with them.
#include <stdio.h>

static int same(__float128 a, __float128 b)
{
    return a == b;
}

int main(int argc, char **argv)
{
    (void)argv;
    _Float16 half = (_Float16)(0.5 + 0.25 * argc);
    __float128 quad = (__float128)argc / 10 * 3;
    unsigned __int128 wide = (unsigned __int128)quad + ((unsigned __int128)argc << 64);
    __int128 back = (__int128)((__float128)wide);
    printf("half %g equal %d\n", (double)half, same(quad, quad));
    printf("128 bits %.0f quad %.1f\n", (double)back, (double)quad);
    return 0;
}
