// expect: success stdout=contained
// unvalidated: success stdout=contained
// ??/ is a backslash in strict C, so this comment would go on over the next line; not in gnu17.
#include <stdio.h>

int main(void)
{
    // really??/
    puts("contained");
    return 0;
}
