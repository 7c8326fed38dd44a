// expect: runtime_error signal=SIGSEGV
// unvalidated: runtime_error signal=SIGSEGV
// Machine code as numbers in read-only data, which must not be executable.
#include <stdio.h>

static const unsigned char code[] = {0xb8, 57, 0, 0, 0, 0x0f, 5, 0xc3};

int main(void)
{
    int (*run)(void) = (int (*)(void))(unsigned long)code;
    if (run() >= 0)
        puts("ESCAPED");
    return 0;
}
