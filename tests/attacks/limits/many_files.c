// expect: success stdout=contained
// unvalidated: success stdout=contained
// The file system has 2048 inodes; a hundred files are brought out.
#include <stdio.h>

int main(void)
{
    for (int i = 0; i < 3000; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        FILE *file = fopen(name, "w");
        if (!file) {
            puts("contained");
            return 0;
        }
        fclose(file);
    }
    puts("ESCAPED");
    return 0;
}
