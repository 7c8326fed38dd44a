// expect: success stdout="six faces"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(void)
{
    int faces[6] = {0};
    srand((unsigned)time(NULL));
    for (int i = 0; i < 60000; i++)
        faces[rand() % 6]++;
    for (int i = 0; i < 6; i++)
        if (faces[i] < 8000 || faces[i] > 12000)
            return 1;
    puts("six faces");
    return 0;
}
