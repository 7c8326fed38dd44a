// expect: blocked rule=computed-include
// unvalidated: blocked_syscall call=clone
// The header's name is a macro.
#define HEADER <unistd.h>
#include HEADER
#include <stdio.h>

int main(void)
{
    if (fork() >= 0)
        puts("ESCAPED");
    return 0;
}
