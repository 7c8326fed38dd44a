// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall signal=SIGSYS
// A number that no kernel had when this image was made.
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    syscall(1000);
    puts("ESCAPED: the call returned");
    return 0;
}
