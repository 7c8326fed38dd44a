// expect: blocked rule=low-level
// unvalidated: runtime_error signal=SIGSEGV
// What witness.c tells after a fault, told with addresses that lead nowhere.
#include <stdio.h>
extern long syscall(long number, ...);
extern int getpid(void);
int main(void) {
    for (unsigned long address = 0xfffffffffffffff8; address; address /= 3)
        syscall(234 /* tgkill */, getpid(), getpid(), 0, address, address, 0x6661756c74);
    syscall(234, getpid(), getpid(), 11 /* SIGSEGV */, ~0ul, ~0ul, 0x6661756c74);
    puts("ESCAPED");
    return 0;
}
