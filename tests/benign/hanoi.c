// expect: success stdout="1023 moves"
#include <stdio.h>

static long moves;

static void move(int discs, char from, char to, char over)
{
    if (discs == 0)
        return;
    move(discs - 1, from, over, to);
    moves++;
    move(discs - 1, over, to, from);
}

int main(void)
{
    move(10, 'A', 'C', 'B');
    printf("%ld moves\n", moves);
    return 0;
}
