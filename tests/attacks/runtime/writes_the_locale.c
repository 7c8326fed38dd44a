// expect: blocked rule=path-traversal
// unvalidated: success rule=blocked-path
// The locale's data is there to be read; changed, it would be read by the programs of others.
#include <stdio.h>

int main(void)
{
    FILE *locale = fopen("/usr/lib/locale/C.utf8/LC_CTYPE", "r+");
    if (locale)
        puts("ESCAPED");
    FILE *new = fopen("/usr/lib/locale/own", "w");
    if (new)
        puts("ESCAPED");
    return 0;
}
