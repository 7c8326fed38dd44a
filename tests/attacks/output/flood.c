// expect: output_limit rule=output-limit
// unvalidated: output_limit rule=output-limit
// As fast as it goes, for whoever stores it.
#include <stdio.h>

int main(void)
{
    static char block[1 << 16];
    for (;;)
        fwrite(block, 1, sizeof block, stdout);
}
