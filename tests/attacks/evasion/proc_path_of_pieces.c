// expect: blocked rule=system-path
// unvalidated: success stdout=contained rule=blocked-path
// Adjacent literals are one.
#include <stdio.h>

int main(void)
{
    puts(fopen("/pr" "oc/" "version", "r") ? "ESCAPED" : "contained");
    return 0;
}
