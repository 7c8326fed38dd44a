// expect: success stdout="odd 1 3 5 7 9 then 10"
#include <stdio.h>

int main(void)
{
    int i = 0;
    printf("odd");
    do {
        if (i % 2 == 0)
            continue;
        switch (i) {
        case 1 ... 9:
            printf(" %d", i);
            break;
        default:
            break;
        }
    } while (++i < 10);
    printf(" then %d\n", i);
    return 0;
}
