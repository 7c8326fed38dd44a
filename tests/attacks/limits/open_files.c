// expect: success stdout=contained
// unvalidated: success stdout=contained
// 64 descriptors; fopen says no after that.
#include <stdio.h>

int main(void)
{
    int count = 0;
    while (count < 1000 && fopen("main.c", "r"))
        count++;
    puts(count < 64 ? "contained" : "ESCAPED");
    return 0;
}
