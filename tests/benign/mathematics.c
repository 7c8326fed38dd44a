// expect: success stdout="sqrt 1.41421 sin 0.84147 pow 1024 log 2.30259 floor -3 hypot 5"
#include <math.h>
#include <stdio.h>

int main(void)
{
    volatile double two = 2, one = 1, ten = 10;
    printf("sqrt %.5f sin %.5f pow %.0f log %.5f floor %.0f hypot %.0f\n", sqrt(two), sin(one),
           pow(two, ten), log(ten), floor(-2.5 * one), hypot(3 * one, 4));
    return 0;
}
