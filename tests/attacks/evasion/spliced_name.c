// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// Phase 2 joins lines before there are words.
#include <stdlib.h>

int main(void)
{
    return sys\
tem("echo ESCAPED");
}
