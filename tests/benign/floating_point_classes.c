// expect: success stdout="inf -inf nan 0"
#include <float.h>
#include <math.h>
#include <stdio.h>

int main(void)
{
    volatile double zero = 0, large = DBL_MAX;
    double nothing = zero / zero;
    printf("%g %g %s %d\n", large * 10, -1 / zero, isnan(nothing) ? "nan" : "number",
           isfinite(nothing));
    printf("%.17g %a\n", 0.1, 0.1);
    return 0;
}
