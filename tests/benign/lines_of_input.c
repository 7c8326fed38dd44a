// expect: success stdout="2: Grace Hopper"
// stdin: Ada Lovelace\nGrace Hopper\n
#include <stdio.h>
#include <string.h>

int main(void)
{
    char line[80];
    for (int i = 1; fgets(line, sizeof line, stdin); i++) {
        line[strcspn(line, "\n")] = '\0';
        printf("%d: %s\n", i, line);
    }
    return 0;
}
