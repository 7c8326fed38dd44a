// expect: success stdout="found 49 at 7" stdout="50 is not there"
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

int main(void)
{
    int squares[20];
    for (int i = 0; i < 20; i++)
        squares[i] = i * i;
    for (int wanted = 49; wanted <= 50; wanted++) {
        int *found = bsearch(&wanted, squares, 20, sizeof(int), compare);
        if (found)
            printf("found %d at %d\n", wanted, (int)(found - squares));
        else
            printf("%d is not there\n", wanted);
    }
    return 0;
}
