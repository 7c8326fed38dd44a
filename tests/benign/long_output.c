// expect: success stdout="line 1999"
#include <stdio.h>

int main(void)
{
    for (int i = 0; i < 2000; i++)
        printf("line %d of a long report\n", i);
    return 0;
}
