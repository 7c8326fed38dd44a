// expect: output_limit rule=output-limit
// unvalidated: output_limit rule=output-limit
// The other stream, which a cap is often forgotten on.
#include <stdio.h>

int main(void)
{
    for (;;)
        fputs("error\n", stderr);
}
