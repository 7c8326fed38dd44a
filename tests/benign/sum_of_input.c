// expect: success stdout="sum 15 of 5 numbers"
// stdin: 1 2 3 4 5\n
#include <stdio.h>

int main(void)
{
    int number, sum = 0, count = 0;
    while (scanf("%d", &number) == 1) {
        sum += number;
        count++;
    }
    printf("sum %d of %d numbers\n", sum, count);
    return 0;
}
