// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// Each refused path is told; a flood of them must cost neither the server nor its records much.
#include <stdio.h>

int main(void)
{
    for (int i = 0; i < 1000; i++) {
        char path[64];
        snprintf(path, sizeof path, "%cproc%c%d%cmem", 47, 47, i, 47);
        if (fopen(path, "r"))
            puts("ESCAPED");
    }
    puts("contained");
    return 0;
}
