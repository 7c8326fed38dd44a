// expect: blocked rule=system-call
// gcc takes a backslash with spaces behind it for a splice, with a warning.
#include <stdlib.h>

int main(void)
{
    return sys\  
tem("echo ESCAPED");
}
