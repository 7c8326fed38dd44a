// expect: blocked_syscall call=fork
// unvalidated: blocked_syscall call=fork
// The keyword is made by the preprocessor, after a validator has read the words.
#include <stdio.h>

#define JOIN(a, b, c) a##b##c
#define KEYWORD JOIN(__a, sm, __)

int main(void)
{
    long result;
    KEYWORD volatile("syscall" : "=a"(result) : "0"(57L) : "rcx", "r11", "memory");
    if (result >= 0)
        puts("ESCAPED");
    return 0;
}
