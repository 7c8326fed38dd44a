// expect: runtime_error signal=SIGSEGV
// unvalidated: runtime_error signal=SIGSEGV
// The kernel's half of the address space.
#include <stdio.h>

int main(void)
{
    volatile char *kernel = (volatile char *)0xffffffff81000000;
    printf("ESCAPED %d\n", *kernel);
    return 0;
}
