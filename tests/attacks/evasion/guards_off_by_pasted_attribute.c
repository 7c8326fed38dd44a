// expect: runtime_error signal=SIGSEGV
// An attribute whose keyword no word of the source is: nothing watches this function's stack.
#include <stdio.h>
#define JOIN(a, b) a##b

static volatile int length = 4096;

JOIN(__attri, bute__)((no_stack_protector, noinline)) static void smash(void)
{
    char small[8];
    volatile char *target = small;
    for (int i = 0; i < length; i++)
        target[i] = 'A';
}

int main(void)
{
    smash();
    puts("ESCAPED");
    return 0;
}
