// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clone
// Two lines that have stopped many a shared machine.
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    for (;;)
        if (fork() >= 0)
            puts("ESCAPED");
}
