// expect: success stdout="42 3 17"
#include <stdio.h>

static int my_system(int value)
{
    return value * 2;
}

static int fork_count = 3;

int main(void)
{
    double exec_time = 17.0;
    int system_calls = my_system(21);
    printf("%d %d %.0f\n", system_calls, fork_count, exec_time);
    return 0;
}
