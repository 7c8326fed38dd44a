// expect: success stdout="0 1 1 2 3 5 8 13 21 34"
#include <stdio.h>

static int fibonacci(int n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

int main(void)
{
    for (int i = 0; i < 10; i++)
        printf("%d%c", fibonacci(i), i < 9 ? ' ' : '\n');
    return 0;
}
