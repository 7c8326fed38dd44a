// expect: success stdout="sorted 200000"
#include <stdio.h>
#include <stdlib.h>

static int by_value(const void *left, const void *right)
{
    const int *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

int main(void)
{
    enum { COUNT = 200000 };
    int *numbers = malloc(COUNT * sizeof *numbers);
    srand(7);
    for (int i = 0; i < COUNT; i++)
        numbers[i] = rand();
    qsort(numbers, COUNT, sizeof *numbers, by_value);
    for (int i = 1; i < COUNT; i++)
        if (numbers[i - 1] > numbers[i])
            return 1;
    printf("sorted %d\n", COUNT);
    free(numbers);
    return 0;
}
