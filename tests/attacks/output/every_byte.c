// expect: success stdout=abc
// All 256 of them, most of which are no text.
#include <stdio.h>

int main(void)
{
    for (int i = 0; i < 256; i++)
        putchar(i);
    return 0;
}
