// expect: success stdout="1.0f is 0x3f800000" stdout="13 has 3 bits"
#include <stdint.h>
#include <stdio.h>

union number {
    float real;
    uint32_t bits;
};

struct flags {
    unsigned low : 3, high : 5;
};

int main(void)
{
    union number one = {.real = 1.0f};
    struct flags flags = {.low = 5, .high = 17};
    int bits = 0;
    for (unsigned n = 13; n; n &= n - 1)
        bits++;
    printf("1.0f is %#x\n13 has %d bits\n", one.bits, bits);
    return flags.low + flags.high != 22;
}
