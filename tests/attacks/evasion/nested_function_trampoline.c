// expect: compile_error compiler=trampoline
// unvalidated: compile_error compiler=trampoline
// GNU C's nested functions want an executable stack.
#include <stdio.h>

static int apply(int (*function)(int))
{
    return function(1);
}

int main(int argc, char **argv)
{
    int inner(int n)
    {
        return n + argc;
    }
    puts("ESCAPED");
    return apply(inner) + (argv == NULL);
}
