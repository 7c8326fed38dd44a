// expect: blocked rule=link-symbol
// unvalidated: success stdout=contained rule=blocked-path
// tmpfile and mkstemp choose folders of their own.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char name[] = "?var?tmp?XXXXXX";
    name[0] = name[4] = name[8] = 47;
    puts(tmpfile() || mkstemp(name) >= 0 ? "ESCAPED" : "contained");
    return 0;
}
