// expect: blocked rule=pragma
// unvalidated: success stdout=contained
// Every warning is an error here, unless the source may say otherwise.
#include <stdio.h>
#pragma GCC diagnostic ignored "-Wunused-variable"

int main(void)
{
    int unused;
    puts("contained");
    return 0;
}
