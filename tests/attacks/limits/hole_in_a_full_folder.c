// expect: success rule=work-space stdout=written
// unvalidated: success rule=work-space stdout=written
// A file with a hole is brought out while there is no room left to fill the hole.
#include <stdio.h>

static char block[1 << 20];

int main(void)
{
    FILE *hole = fopen("hole", "w");
    fseek(hole, 4 << 20, SEEK_SET);
    fputc('x', hole);
    fclose(hole);
    for (char name[] = "1"; *name < '4'; ++*name) {
        FILE *file = fopen(name, "w");
        for (int i = 0; file && i < 15; i++)
            fwrite(block, 1, sizeof block, file);
        if (file)
            fclose(file);
    }
    puts("written");
    return 0;
}
