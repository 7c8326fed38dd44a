// expect: blocked rule=guard-macro
// Undefined before the first header, FORTIFY_SOURCE checks nothing.
#undef _FORTIFY_SOURCE
#include <string.h>

int main(void)
{
    return 0;
}
