// expect: blocked rule=pragma
// unvalidated: runtime_error
// The stack protector is per function, and functions have options.
#include <stdio.h>
#include <string.h>
#pragma GCC optimize("no-stack-protector")

static __attribute__((noinline)) void smash(const char *text, size_t length)
{
    char small[8];
    volatile char *target = small;
    for (size_t i = 0; i < length; i++)
        target[i] = text[i];
}

int main(void)
{
    static char many[256];
    memset(many, 'A', sizeof many);
    smash(many, sizeof many);
    puts("ESCAPED");
    return 0;
}
