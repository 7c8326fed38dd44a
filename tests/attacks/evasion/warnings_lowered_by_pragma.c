// expect: blocked rule=pragma
// unvalidated: success stdout=contained
// Of an error it makes a warning: what -Wall -Werror refuses would pass.
#pragma GCC diagnostic warning "-Wunused-variable"
#include <stdio.h>

int main(void)
{
    int unused;
    puts("contained");
    return 0;
}
