// expect: success stdout="0 7 9 20 20 11"
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

int main(void)
{
    static const int edges[][3] = {{0, 1, 7}, {0, 2, 9}, {0, 5, 14}, {1, 2, 10}, {1, 3, 15},
                                   {2, 3, 11}, {2, 5, 2}, {3, 4, 6}, {4, 5, 9}};
    int distance[6] = {0, INT_MAX, INT_MAX, INT_MAX, INT_MAX, INT_MAX};
    for (bool changed = true; changed;) {
        changed = false;
        for (int e = 0; e < 9; e++)
            for (int way = 0; way < 2; way++) {
                int from = edges[e][way], to = edges[e][!way];
                if (distance[from] != INT_MAX && distance[from] + edges[e][2] < distance[to]) {
                    distance[to] = distance[from] + edges[e][2];
                    changed = true;
                }
            }
    }
    for (int i = 0; i < 6; i++)
        printf("%d ", distance[i]);
    puts("");
    return 0;
}
