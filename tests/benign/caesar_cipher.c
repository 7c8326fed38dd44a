// expect: success stdout="Khoor, Zruog!" stdout="Hello, World!"
#include <stdio.h>

static char turned(char c, int by)
{
    if (c >= 'a' && c <= 'z')
        return (char)('a' + (c - 'a' + by + 26) % 26);
    if (c >= 'A' && c <= 'Z')
        return (char)('A' + (c - 'A' + by + 26) % 26);
    return c;
}

int main(void)
{
    char text[] = "Hello, World!";
    for (int by = 3; by >= -3; by -= 6) {
        for (char *c = text; *c; c++)
            *c = turned(*c, by);
        puts(text);
    }
    return 0;
}
