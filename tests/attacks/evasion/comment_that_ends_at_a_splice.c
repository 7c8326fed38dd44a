// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// Both halves of a comment's end are on different lines.
#include <stdlib.h>

int main(void)
{
    /* nothing to see here *\
/ return system("echo ESCAPED"); /* */
}
