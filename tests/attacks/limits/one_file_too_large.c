// expect: output_limit signal=SIGXFSZ
// unvalidated: output_limit signal=SIGXFSZ
// One file may have 16 MB.
#include <stdio.h>
#include <string.h>

int main(void)
{
    static char block[1 << 20];
    memset(block, 1, sizeof block);
    FILE *file = fopen("large", "w");
    for (int i = 0; i < 17; i++)
        fwrite(block, 1, sizeof block, file);
    puts("ESCAPED");
    return 0;
}
