// expect: timeout rule=timeout
// unvalidated: timeout rule=timeout
// Work for the kernel instead of the program.
#include <stdio.h>

int main(void)
{
    for (;;)
        rewind(stdin);
}
