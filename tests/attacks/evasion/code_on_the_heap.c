// expect: runtime_error signal=SIGSEGV
// unvalidated: runtime_error signal=SIGSEGV
// Machine code from malloc.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    unsigned char *code = malloc(4096);
    memcpy(code, "\xb8\x39\0\0\0\x0f\x05\xc3", 8);
    if (((int (*)(void))(unsigned long)code)() >= 0)
        puts("ESCAPED");
    free(code);
    return 0;
}
