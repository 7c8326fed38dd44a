// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// CR LF after the backslash is a splice as well.
#include <stdlib.h>

int main(void)
{
    return sys\
tem("echo ESCAPED");
}
