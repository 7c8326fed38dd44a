// expect: success stdout="gcd 21 lcm 4410"
#include <stdio.h>

static long gcd(long a, long b)
{
    while (b) {
        long rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

int main(void)
{
    long a = 210, b = 441;
    printf("gcd %ld lcm %ld\n", gcd(a, b), a / gcd(a, b) * b);
    return 0;
}
