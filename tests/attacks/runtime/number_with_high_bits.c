// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=socket
// The kernel looks at 32 bits of the number; so does the filter.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    if (syscall(0x100000000L | SYS_socket, 1, 1, 0) >= 0)
        puts("ESCAPED");
    return 0;
}
