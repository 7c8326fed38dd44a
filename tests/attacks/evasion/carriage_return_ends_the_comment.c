// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// gcc ends a comment at a bare CR; who splits at LF reads on in the comment.
#include <stdlib.h>

int main(void)
{
    // nothing    return system("echo ESCAPED");
}
