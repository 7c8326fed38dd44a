// expect: blocked rule=system-path
// unvalidated: success stdout=contained rule=blocked-path
// Dots and slashes that a comparison of texts would not see through.
#include <stdio.h>

int main(void)
{
    puts(fopen("/./lib/..//proc/./version", "r") ? "ESCAPED" : "contained");
    return 0;
}
