// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clone
// A directive over five lines.
#inc\
lude <un\
istd\
.h>
#include <stdio.h>

int main(void)
{
    if (fork() >= 0)
        puts("ESCAPED");
    return 0;
}
