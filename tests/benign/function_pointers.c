// expect: success stdout="add 9 sub 5 mul 14"
#include <stdio.h>

static int add(int a, int b)
{
    return a + b;
}
static int sub(int a, int b)
{
    return a - b;
}
static int mul(int a, int b)
{
    return a * b;
}

int main(void)
{
    const struct {
        const char *name;
        int (*apply)(int, int);
    } operations[] = {{"add", add}, {"sub", sub}, {"mul", mul}};
    for (int i = 0; i < 3; i++)
        printf("%s %d ", operations[i].name, operations[i].apply(7, 2));
    puts("");
    return 0;
}
