// expect: blocked rule=system-path
// unvalidated: success stdout=contained rule=blocked-path
// The path is in two macros.
#include <stdio.h>
#define ROOT "/pr"
#define PATH ROOT "oc/self/maps"

int main(void)
{
    puts(fopen(PATH, "r") ? "ESCAPED" : "contained");
    return 0;
}
