// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=vhangup
// The terminal, taken from everybody who has it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = vhangup();
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
