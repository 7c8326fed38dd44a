// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clone
// Comments are spaces, in directives too.
/* */ # /* */ include /* */ <unistd.h> // the end
#include <stdio.h>

int main(void)
{
    if (fork() >= 0)
        puts("ESCAPED");
    return 0;
}
