// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// /proc/1/mem for reading and for writing, path built at run time.
#include <stdio.h>

int main(void)
{
    char path[32];
    snprintf(path, sizeof path, "%cproc%c1%cmem", 47, 47, 47);
    puts(fopen(path, "r") || fopen(path, "r+") || fopen(path, "a") ? "ESCAPED" : "contained");
    return 0;
}
