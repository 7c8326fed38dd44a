// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// The oldest line in every such corpus.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    if (system("echo ESCAPED") == 0)
        puts("ESCAPED");
    return 0;
}
