// expect: runtime_error exit=3
// unvalidated: runtime_error exit=3
// The project lies in memory; it is full before the container is.
#include <stdio.h>
#include <string.h>

int main(void)
{
    static char block[1 << 16];
    memset(block, 1, sizeof block);
    for (int i = 0; i < 64; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        FILE *file = fopen(name, "w");
        for (int n = 0; n < 32; n++)
            if (!file || fwrite(block, 1, sizeof block, file) != sizeof block || fflush(file))
                return 3;
        fclose(file);
    }
    puts("ESCAPED");
    return 0;
}
