// expect: blocked rule=pragma
// unvalidated: success stdout=contained
// The macro is pushed while it is undefined, and undefined again once a header has set it.
#pragma push_macro("__USE_FORTIFY_LEVEL")
#include <stdio.h>
#pragma pop_macro("__USE_FORTIFY_LEVEL")
#include <string.h>

int main(void)
{
    puts("contained");
    return 0;
}
