// expect: blocked rule=line-directive
// unvalidated: success stdout=contained
// Flag 3 says that the following lines are of a system header, where nobody is warned.
#include <stdio.h>
# 1 "x.h" 1 3
static int main_of_the_header(void)
{
    int unused;
    return 0;
}
# 11 "main.c" 2
int main(void)
{
    puts("contained");
    return main_of_the_header();
}
