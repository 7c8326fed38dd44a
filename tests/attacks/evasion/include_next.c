// expect: blocked rule=include-next
// Steps over the header that was checked.
#include <stdio.h>
#include_next <stdio.h>

int main(void)
{
    return 0;
}
