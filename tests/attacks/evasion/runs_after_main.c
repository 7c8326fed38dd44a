// expect: blocked
// unvalidated: blocked_syscall call=clone
// After main has returned, when a careless supervisor has stopped looking.
#include <stdio.h>
#include <stdlib.h>

int fork(void);

static void late(void)
{
    if (fork() >= 0)
        puts("ESCAPED");
}

int main(void)
{
    atexit(late);
    return 0;
}
