// expect: blocked rule=dangerous-header
// unvalidated: success stdout="to the wrong stream"
// Puts one stream where another one goes; no descriptor leads to where the verdict travels.
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    if (dup2(3, 1) >= 0 || dup2(4, 1) >= 0 || dup2(5, 1) >= 0)
        puts("ESCAPED");
    if (dup2(1, 2) == 2)
        fputs("to the wrong stream\n", stderr);
    return 0;
}
