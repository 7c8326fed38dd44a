// expect: success stdout="before\x00after"
// A NUL ends a string in C and nowhere else.
#include <stdio.h>

int main(void)
{
    fwrite("before\0after\n", 1, 13, stdout);
    return 0;
}
