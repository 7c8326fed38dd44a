// expect: blocked_syscall call=fork
// unvalidated: blocked_syscall call=fork
// A jump into the middle of an instruction whose constant is a system call: only the filter sees it.
#include <stdio.h>

static volatile unsigned long constant;

static __attribute__((noinline)) void gadget(void)
{
    constant = 0xc3050fc031f78939UL; /* …; syscall; ret */
    constant = 0xc3050f00000039b8UL; /* mov $57, %eax; syscall; ret */
}

int main(void)
{
    const unsigned char *code = (const unsigned char *)(unsigned long)gadget;
    static const unsigned char wanted[] = {0xb8, 57, 0, 0, 0, 0x0f, 5, 0xc3};
    for (int at = 0; at < 64; at++) {
        int same = 1;
        for (unsigned i = 0; i < sizeof wanted; i++)
            same &= code[at + i] == wanted[i];
        if (same && ((int (*)(void))(unsigned long)(code + at))() >= 0)
            puts("ESCAPED");
    }
    return 0;
}
