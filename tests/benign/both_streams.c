// expect: success stdout="to stdout" stderr="to stderr"
#include <stdio.h>

int main(void)
{
    printf("to stdout\n");
    fprintf(stderr, "to stderr\n");
    perror("and an errno");
    return 0;
}
