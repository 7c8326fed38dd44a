// expect: success stdout="1000000 numbers, sum 499999500000"
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    size_t used = 0, room = 0;
    int *numbers = NULL;
    for (int i = 0; i < 1000000; i++) {
        if (used == room) {
            room = room ? room * 2 : 16;
            numbers = realloc(numbers, room * sizeof *numbers);
            if (!numbers)
                return 1;
        }
        numbers[used++] = i;
    }
    long long sum = 0;
    for (size_t i = 0; i < used; i++)
        sum += numbers[i];
    printf("%zu numbers, sum %lld\n", used, sum);
    free(numbers);
    return 0;
}
