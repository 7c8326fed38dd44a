// expect: blocked rule=trigraph
// unvalidated: compile_error
// ??= is # in strict C.
#include <stdio.h>
??=include <unistd.h>

int main(void)
{
    if (fork() >= 0)
        puts("ESCAPED");
    return 0;
}
