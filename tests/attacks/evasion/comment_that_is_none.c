// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// A comment's beginning inside a string.
#include <stdlib.h>

int main(void)
{
    const char *text = "/*"; return system("echo ESCAPED") + (text == 0); /* " */
}
