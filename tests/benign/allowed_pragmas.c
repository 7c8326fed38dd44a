// expect: success stdout="packed 5, sum 4950"
#include <stdint.h>
#include <stdio.h>

#pragma pack(push, 1)
struct packed {
    uint8_t kind;
    uint32_t value;
};
#pragma pack(pop)

int main(void)
{
    int sum = 0;
#pragma GCC unroll 4
    for (int i = 0; i < 100; i++)
        sum += i;
    printf("packed %zu, sum %d\n", sizeof(struct packed), sum);
    return 0;
}
