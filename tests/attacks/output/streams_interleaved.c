// expect: success stdout="out 99" stderr="err 99"
// unvalidated: success stdout="out 99" stderr="err 99"
// Each stream keeps its own order.
#include <stdio.h>

int main(void)
{
    for (int i = 0; i < 100; i++) {
        printf("out %d\n", i);
        fprintf(stderr, "err %d\n", i);
    }
    return 0;
}
