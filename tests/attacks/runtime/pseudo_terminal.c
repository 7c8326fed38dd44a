// expect: blocked rule=link-symbol
// unvalidated: success stdout=contained rule=blocked-path
// A terminal of one's own to type into.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

int posix_openpt(int flags);

int main(void)
{
    puts(posix_openpt(2) >= 0 ? "ESCAPED" : "contained");
    return 0;
}
