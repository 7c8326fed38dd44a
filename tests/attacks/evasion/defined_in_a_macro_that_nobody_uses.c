// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// Another definition that is none.
#include <stdlib.h>

#define DECOY int system(const char *command) { return 0; }

int main(void)
{
    return system("echo ESCAPED");
}
