// expect: success stdout=contained
// unvalidated: success stdout=contained
// Over 4 KB, with the goal at the end: what is cut off must not be what is judged.
#include <stdio.h>
#include <string.h>

int main(void)
{
    static char path[6000];
    for (int i = 0; i < 2000; i++)
        strcat(path, "./");
    strcat(path, "..");
    path[strlen(path)] = 47;
    strcat(path, "supervisor");
    puts(fopen(path, "r") || fopen(path, "w") ? "ESCAPED" : "contained");
    return 0;
}
