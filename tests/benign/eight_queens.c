// expect: success stdout="92 solutions"
#include <stdio.h>

static int solutions(int row, unsigned columns, unsigned left, unsigned right)
{
    if (row == 8)
        return 1;
    int count = 0;
    for (int column = 0; column < 8; column++) {
        unsigned bit = 1u << column;
        if (!((columns | left | right) & bit))
            count += solutions(row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return count;
}

int main(void)
{
    printf("%d solutions\n", solutions(0, 0, 0, 0));
    return 0;
}
