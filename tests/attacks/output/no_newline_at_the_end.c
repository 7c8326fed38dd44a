// expect: success stdout="the end"
// unvalidated: success stdout="the end"
// The last line is a line as well.
#include <stdio.h>

int main(void)
{
    printf("the end");
    return 0;
}
