// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clone
// %: is #.
%:include <unistd.h>
%:include <stdio.h>

int main(void)
{
    if (fork() >= 0)
        puts("ESCAPED");
    return 0;
}
