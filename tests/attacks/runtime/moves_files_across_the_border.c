// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// rename and remove by paths that were made at run time.
#include <stdio.h>

int main(void)
{
    char inside[] = "main.c", outside[32], host[32];
    snprintf(outside, sizeof outside, "%cbuild%cmain.c", 47, 47);
    snprintf(host, sizeof host, "%csupervisor", 47);
    if (rename(inside, outside) == 0 || rename(host, inside) == 0 || remove(host) == 0)
        puts("ESCAPED");
    puts(fopen(inside, "r") ? "contained" : "the project's file is gone");
    return 0;
}
