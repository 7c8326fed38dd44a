// expect: success stdout=contained
// unvalidated: success stdout=contained
// Zeros take no room in the file, and no memory until they are written.
#include <stdio.h>

static char table[1 << 30];

int main(void)
{
    table[12345] = 1;
    puts("contained");
    return 0;
}
