// expect: success stdout="this line is line 13"
#include <stdio.h>
#include <string.h>

int main(void)
{
    char line[200];
    FILE *source = fopen("main.c", "r");
    if (!source)
        return 1;
    for (int i = 1; fgets(line, sizeof line, source); i++)
        /* marker */ if (strstr(line, "marker")) {
            printf("this line is line %d\n", i + 1);
            break;
        }
    fclose(source);
    return 0;
}
