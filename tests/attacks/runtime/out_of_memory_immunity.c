// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// A program that exempts itself from the out-of-memory killer takes the supervisor down instead.
#include <stdio.h>

int main(void)
{
    char path[64];
    snprintf(path, sizeof path, "%cproc%cself%coom_score_adj", 47, 47, 47);
    FILE *file = fopen(path, "w");
    if (file && fputs("-1000", file) >= 0 && fflush(file) == 0)
        puts("ESCAPED");
    puts("contained");
    return 0;
}
