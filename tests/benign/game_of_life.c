// expect: success stdout="generation 4 alive 5"
#include <stdio.h>
#include <string.h>

enum { SIZE = 16 };

static int neighbours(char field[SIZE][SIZE], int y, int x)
{
    int count = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            count += (dy || dx) && field[(y + dy + SIZE) % SIZE][(x + dx + SIZE) % SIZE];
    return count;
}

int main(void)
{
    char field[SIZE][SIZE] = {[1] = {[2] = 1}, [2] = {[3] = 1}, [3] = {[1] = 1, [2] = 1, [3] = 1}};
    for (int generation = 0; generation < 4; generation++) {
        char next[SIZE][SIZE];
        for (int y = 0; y < SIZE; y++)
            for (int x = 0; x < SIZE; x++) {
                int n = neighbours(field, y, x);
                next[y][x] = n == 3 || (field[y][x] && n == 2);
            }
        memcpy(field, next, sizeof field);
    }
    int alive = 0;
    for (int i = 0; i < SIZE * SIZE; i++)
        alive += field[i / SIZE][i % SIZE];
    printf("generation 4 alive %d\n", alive);
    return 0;
}
