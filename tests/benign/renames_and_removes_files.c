// expect: success stdout="kept: content"
#include <stdio.h>

int main(void)
{
    char text[16] = "";
    FILE *file = fopen("first.tmp", "w");
    fputs("content", file);
    fclose(file);
    if (rename("first.tmp", "second.tmp") || fopen("first.tmp", "r"))
        return 1;
    file = fopen("./second.tmp", "r");
    fgets(text, sizeof text, file);
    fclose(file);
    if (remove("second.tmp") || fopen("second.tmp", "r"))
        return 2;
    printf("kept: %s\n", text);
    return 0;
}
