// expect: success stdout="cleaned up after step 2"
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    int step = 1;
    char *first = malloc(16), *second = NULL;
    if (!first)
        goto clone;
    step = 2;
    second = malloc(16);
    if (second)
        goto fork;
    step = 3;
fork:
    free(second);
clone:
    free(first);
    printf("cleaned up after step %d\n", step);
    return 0;
}
