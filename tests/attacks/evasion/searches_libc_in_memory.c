// expect: blocked_syscall
// unvalidated: blocked_syscall
// No symbol is needed to find a system call instruction: libc is in memory, and can be read.
#include <stdio.h>

int main(void)
{
    const unsigned char *libc = (const unsigned char *)(unsigned long)puts;
    for (long at = 0; at < 1 << 20; at++) {
        if (libc[at] != 0x0f || libc[at + 1] != 5 || libc[at + 2] != 0xc3)
            continue;
        long (*call)(long) = (long (*)(long))(unsigned long)(libc + at);
        for (long number = 0; number < 600; number++)
            call(number);
        break;
    }
    return 0;
}
