// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// A lexer that takes '"' for the start of a string reads the rest as text.
#include <stdlib.h>

int main(void)
{
    char quote = '"'; return system("echo ESCAPED") + (quote == '"');
}
