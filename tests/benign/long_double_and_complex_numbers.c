// expect: success stdout="3.0000000000000000000 -8 6"
#include <math.h>
#include <stdio.h>

int main(void)
{
    volatile long double nine = 9.0L;
    double _Complex z = 1.0 + 3.0i;
    double _Complex square = z * z;
    printf("%.19Lf %g %g\n", sqrtl(nine), __real__ square, __imag__ square);
    return 0;
}
