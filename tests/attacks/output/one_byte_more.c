// expect: output_limit rule=output-limit
// unvalidated: output_limit rule=output-limit
// And not one more.
#include <stdio.h>

int main(void)
{
    for (int i = 0; i < 65537; i++)
        putchar('x');
    return 0;
}
