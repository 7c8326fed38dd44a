// expect: output_limit rule=output-limit
// unvalidated: output_limit rule=output-limit
// Neither stream is over the limit; both are.
#include <stdio.h>

int main(void)
{
    for (int i = 0; i < 40000; i++) {
        putc('o', stdout);
        putc('e', stderr);
    }
    return 0;
}
