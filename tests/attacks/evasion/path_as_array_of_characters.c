// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// A literal by another notation.
#include <stdio.h>

int main(void)
{
    const char path[] = {'/', 'e', 't', 'c', '/', 'p', 'a', 's', 's', 'w', 'd', 0};
    puts(fopen(path, "r") ? "ESCAPED" : "contained");
    return 0;
}
