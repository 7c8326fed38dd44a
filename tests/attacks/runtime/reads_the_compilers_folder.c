// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// The loader's folder may be asked for in silence, what is ours below it may not.
#include <stdio.h>

int main(void)
{
    char name[] = "!usr!lib!cloister!cc1.args";
    for (char *at = name; *at; at++)
        if (*at == '!')
            *at = '/';
    puts(fopen(name, "r") ? "ESCAPED" : "contained");
    return 0;
}
