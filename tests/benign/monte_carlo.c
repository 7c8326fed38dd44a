// expect: success stdout="pi is about 3.1"
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    long inside = 0;
    srand48(1);
    for (int i = 0; i < 1000000; i++) {
        double x = drand48(), y = drand48();
        inside += x * x + y * y < 1;
    }
    printf("pi is about %.1f\n", 4.0 * (double)inside / 1000000);
    return 0;
}
