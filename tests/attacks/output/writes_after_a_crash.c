// expect: runtime_error signal=SIGSEGV stdout=before
// unvalidated: runtime_error signal=SIGSEGV stdout=before
// A line that was printed before the crash is there.
#include <stdio.h>

int main(void)
{
    puts("before");
    *(volatile int *)8 = 1;
    puts("ESCAPED");
    return 0;
}
