// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// Four letters of a name by four macros.
#include <stdlib.h>

#define JOIN(a, b) STEP(a, b)
#define STEP(a, b) a##b
#define FIRST JOIN(s, y)
#define SECOND JOIN(FIRST, s)
#define THIRD JOIN(SECOND, tem)

int main(void)
{
    return THIRD("echo ESCAPED");
}
