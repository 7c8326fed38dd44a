// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clone
// A second thread would change a path between check and use.
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>

static char stack[65536];

static int other(void *argument)
{
    (void)argument;
    puts("ESCAPED");
    return 0;
}

int main(void)
{
    clone(other, stack + sizeof stack, CLONE_VM | CLONE_FILES | 17, NULL);
    return 0;
}
