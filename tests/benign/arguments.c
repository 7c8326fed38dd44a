// expect: success stdout="2.5 + 4 = 6.5"
// args: 2.5 4
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char *argv[])
{
    if (argc != 3)
        return 1;
    double a = atof(argv[1]), b = strtod(argv[2], NULL);
    printf("%g + %g = %g\n", a, b, a + b);
    return 0;
}
