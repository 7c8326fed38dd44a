// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=personality
// No address randomisation, readable means executable.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/personality.h>
#include <unistd.h>

int main(void)
{
    long result = personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
