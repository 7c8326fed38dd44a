// expect: success stdout="2147483647 -2147483648 4294967295 127 255"
#include <limits.h>
#include <stdint.h>
#include <stdio.h>

int main(void)
{
    printf("%d %d %u %d %u\n", INT_MAX, INT_MIN, UINT_MAX, SCHAR_MAX, (unsigned)UINT8_MAX);
    int64_t large = INT64_C(9007199254740993);
    printf("%lld\n", (long long)large);
    return 0;
}
