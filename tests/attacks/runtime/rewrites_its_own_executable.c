// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// The next start would run something that nobody compiled.
#include <stdio.h>

int main(void)
{
    char path[32], other[32];
    snprintf(path, sizeof path, "%cbuild%cprogram", 47, 47);
    snprintf(other, sizeof other, "%cbuild%cprogram2", 47, 47);
    if (fopen(path, "w") || fopen(path, "r+") || fopen(path, "a"))
        puts("ESCAPED: it can be written");
    if (remove(path) == 0 || rename(path, other) == 0 || rename(path, "program") == 0 ||
        rename("main.c", path) == 0)
        puts("ESCAPED: it can be replaced");
    puts("contained");
    return 0;
}
