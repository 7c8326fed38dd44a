// expect: output_limit rule=output-limit
// unvalidated: output_limit rule=output-limit
// A message for each byte would drown the one who relays them.
#include <stdio.h>

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    for (;;)
        putchar('x');
}
