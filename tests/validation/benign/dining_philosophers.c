#include <stdbool.h>
#include <stdio.h>

struct fork { bool taken; };

static struct fork forks[5];

static bool take(struct fork *fork)
{
    bool was_free = !fork->taken;
    fork->taken = true;
    return was_free;
}

int main(void)
{
    int fork, eaten = 0;
    for (fork = 0; fork < 5; fork++)
        eaten += take(&forks[fork]) && take(&forks[(fork + 1) % 5]);
    printf("%d of %d ate; last fork %d\n", eaten, 5, fork);
    return 0;
}
