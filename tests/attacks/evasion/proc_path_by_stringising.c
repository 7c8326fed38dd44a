// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// No literal at all; whoever judges the path at run time sees it.
#include <stdio.h>
#define TEXT(x) #x

int main(void)
{
    puts(fopen(TEXT(/proc/self/maps), "r") ? "ESCAPED" : "contained");
    return 0;
}
