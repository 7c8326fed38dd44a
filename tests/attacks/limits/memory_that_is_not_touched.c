// expect: success stdout=contained
// unvalidated: success stdout=contained
// Address space is not memory.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char *volatile block = malloc(1L << 32);
    puts(block ? "contained" : "contained by malloc");
    return 0;
}
