// expect: memory_limit rule=memory-limit
// unvalidated: memory_limit rule=memory-limit
// Files and heap count together.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    static char block[1 << 20];
    memset(block, 1, sizeof block);
    for (int i = 0; i < 3; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        FILE *file = fopen(name, "w");
        for (int n = 0; file && n < 10; n++)
            fwrite(block, 1, sizeof block, file);
        if (file)
            fclose(file);
    }
    for (int i = 0; i < 110; i++)
        memset(malloc(1 << 20), 1, 1 << 20);
    puts("ESCAPED");
    return 0;
}
