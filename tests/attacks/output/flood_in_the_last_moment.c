// expect: output_limit rule=output-limit
// unvalidated: output_limit rule=output-limit
// All of it at exit, when the program is already gone.
#include <stdio.h>
#include <stdlib.h>

static char buffer[1 << 17];

static void late(void)
{
    for (int i = 0; i < 70000; i++)
        putchar('x');
}

int main(void)
{
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    atexit(late);
    return 0;
}
