// expect: blocked rule=link-symbol
// unvalidated: success stdout=contained
// Variables that a later part of libc believes.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    setenv("LD_PRELOAD", "./evil.so", 1);
    setenv("LOCPATH", ".", 1);
    setenv("MALLOC_TRACE", "trace", 1);
    puts("contained");
    return 0;
}
