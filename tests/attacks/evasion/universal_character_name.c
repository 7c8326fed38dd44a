// expect: blocked
// \u0073 is s, where a name may not have it.
#include <stdlib.h>

int main(void)
{
    return \u0073ystem("echo ESCAPED");
}
