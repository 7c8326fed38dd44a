// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// Objects, temporary files of the assembler and the linker.
#include <stdio.h>

int main(void)
{
    const char *names[] = {"0.o", "1.o", "", "."};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        char path[32];
        snprintf(path, sizeof path, "%cbuild%c%s", 47, 47, names[i]);
        if (fopen(path, "r") || fopen(path, "w"))
            printf("ESCAPED %s\n", path);
    }
    puts("contained");
    return 0;
}
