// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// No literal for a validator to see: Landlock has to know.
#include <stdio.h>
#include <string.h>

int main(void)
{
    char path[64] = {47, 'p', 'r'};
    strcat(path, "oc");
    strncat(path, "/x", 1);
    strcat(path, "self");
    strncat(path, "/x", 1);
    strcat(path, "maps");
    puts(fopen(path, "r") ? "ESCAPED" : "contained");
    for (char *c = path + 1; *c; c++)
        if (*c == 's' && c[1] == 'e')
            strcpy(c, "1/environ");
    puts(fopen(path, "r") ? "ESCAPED" : "contained");
    return 0;
}
