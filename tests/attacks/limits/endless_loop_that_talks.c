// expect: timeout stdout=started
// unvalidated: timeout stdout=started
// What was printed before is kept.
#include <stdio.h>

int main(void)
{
    puts("started");
    for (volatile unsigned long i = 0;; i++)
        ;
}
