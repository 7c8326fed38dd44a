// expect: success stdout=contained
// The operator's name is made by the preprocessor: warnings are off again.
#include <stdio.h>
#define JOIN(a, b) a##b
JOIN(_Pra, gma)("GCC diagnostic ignored \"-Wunused-variable\"")

int main(void)
{
    int unused;
    puts("contained");
    return 0;
}
