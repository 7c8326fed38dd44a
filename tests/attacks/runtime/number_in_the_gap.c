// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall
// Between 335 and 423 there are numbers without a call.
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    syscall(400);
    puts("ESCAPED: the call returned");
    return 0;
}
