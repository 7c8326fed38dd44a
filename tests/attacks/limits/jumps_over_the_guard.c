// expect: runtime_error signal=SIGSEGV
// unvalidated: runtime_error signal=SIGSEGV
// One frame that is larger than the stack and its guard: it is probed page by page.
#include <stdio.h>

static volatile unsigned long size = 1UL << 33;

int main(void)
{
    volatile char frame[size];
    frame[0] = 1;
    puts("ESCAPED");
    return frame[0];
}
