// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=pipe2
// popen makes its pipe first.
#include <stdio.h>

int main(void)
{
    char line[64] = "";
    FILE *pipe = popen("echo ESCAPED", "r");
    if (pipe && fgets(line, sizeof line, pipe))
        fputs(line, stdout);
    return 0;
}
