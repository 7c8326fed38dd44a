// expect: success stdout=contained
// unvalidated: success stdout=contained
// Keys, paths and host names that a server often passes on to what it starts.
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv, char **environment)
{
    (void)argc, (void)argv;
    for (; *environment; environment++)
        if (strncmp(*environment, "LANG=", 5) && strncmp(*environment, "TERM=", 5))
            printf("ESCAPED %s\n", *environment);
    puts("contained");
    return 0;
}
