// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// The libraries can be read; whoever would write, remove or replace one is told of.
#include <stdio.h>

int main(void)
{
    char library[] = "!lib!libc.so.6";
    library[0] = library[4] = '/';
    FILE *file = fopen(library, "r+");
    if (file || !remove(library) || !rename(library, "mine"))
        puts("ESCAPED");
    else
        puts("contained");
    return 0;
}
