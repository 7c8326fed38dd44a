// expect: success stdout=contained
// unvalidated: success stdout=contained
// Without a person, input ends.
#include <stdio.h>

int main(void)
{
    while (getchar() != EOF)
        ;
    puts("contained");
    return 0;
}
