// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// The loader's folder may be asked for in silence, but not to put something into it.
#include <stdio.h>

int main(void)
{
    char name[] = "!usr!lib!x86_64-linux-gnu!libfann.so.2";
    for (char *at = name; *at; at++)
        if (*at == '!')
            *at = '/';
    puts(fopen(name, "w") || !remove(name) ? "ESCAPED" : "contained");
    return 0;
}
