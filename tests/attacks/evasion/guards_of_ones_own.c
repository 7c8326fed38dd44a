// expect: blocked rule=reserved-name
// unvalidated: runtime_error
// A stack smash that reports to the smasher.
#include <stdio.h>
#include <stdlib.h>

void __stack_chk_fail(void)
{
    puts("the guard was mine");
    exit(3);
}

int main(int argc, char **argv)
{
    char small[8];
    volatile char *target = small;
    for (int i = 0; i < 64 + argc; i++)
        target[i] = 'A';
    return argv[0] == NULL;
}
