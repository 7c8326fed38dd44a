// expect: success stdout="3 lines, the last one: three"
#include <stdio.h>
#include <string.h>

int main(void)
{
    FILE *file = fopen("notes.txt", "w");
    fputs("one\ntwo\n", file);
    fclose(file);
    file = fopen("notes.txt", "a");
    fprintf(file, "%s\n", "three");
    fclose(file);
    char line[32], last[32] = "";
    int lines = 0;
    file = fopen("notes.txt", "r");
    while (fgets(line, sizeof line, file)) {
        lines++;
        strcpy(last, line);
    }
    fclose(file);
    printf("%d lines, the last one: %s", lines, last);
    return 0;
}
