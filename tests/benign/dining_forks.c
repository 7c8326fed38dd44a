// expect: success stdout="philosopher 4 uses fork 4 and fork 0"
#include <stdbool.h>
#include <stdio.h>

struct fork {
    bool taken;
};

static void eat(struct fork *forks, int left, int right)
{
    forks[left].taken = forks[right].taken = true;
    printf("philosopher %d uses fork %d and fork %d\n", left, left, right);
    forks[left].taken = forks[right].taken = false;
}

int main(void)
{
    struct fork fork[5] = {0};
    for (int i = 0; i < 5; i++)
        eat(fork, i, (i + 1) % 5);
    return 0;
}
