// expect: success stdout="Bob has 150" stderr="not enough money"
#include <stdio.h>

struct account {
    const char *owner;
    int balance;
};

static int transfer(struct account *from, struct account *to, int amount)
{
    if (from->balance < amount) {
        fprintf(stderr, "not enough money\n");
        return -1;
    }
    from->balance -= amount;
    to->balance += amount;
    return 0;
}

int main(void)
{
    struct account alice = {"Alice", 100}, bob = {"Bob", 100};
    transfer(&alice, &bob, 50);
    if (transfer(&alice, &bob, 500) == 0)
        return 1;
    printf("%s has %d\n", bob.owner, bob.balance);
    return 0;
}
