// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// Written backwards, turned at run time.
#include <stdio.h>
#include <string.h>

int main(void)
{
    const char backwards[] = "dwssap/cte/";
    char path[sizeof backwards] = "";
    for (size_t i = 0; i + 1 < sizeof backwards; i++)
        path[i] = backwards[sizeof backwards - 2 - i];
    puts(fopen(path, "r") ? "ESCAPED" : "contained");
    return 0;
}
