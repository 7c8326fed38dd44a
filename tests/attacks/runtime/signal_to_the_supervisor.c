// expect: blocked rule=low-level
// unvalidated: blocked_syscall call=tgkill
// A fatal signal to oneself is let through; to the supervisor it must not be.
#include <stdio.h>
extern long syscall(long number, ...);
int main(void) {
    if (syscall(234 /* tgkill */, 1, 1, 11 /* SIGSEGV */, main, 0, 0x6661756c74) == 0)
        puts("ESCAPED");
    return 0;
}
