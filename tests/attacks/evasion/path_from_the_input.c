// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// stdin: /proc/1/environ\n
// The path is not in the program at all.
#include <stdio.h>

int main(void)
{
    char path[64];
    if (scanf("%63s", path) == 1)
        puts(fopen(path, "r") ? "ESCAPED" : "contained");
    return 0;
}
