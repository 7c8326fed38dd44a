// expect: success stdout="no home, English"
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    printf("%s, %s\n", getenv("HOME") ? "a home" : "no home",
           getenv("LANG") ? "English" : "no language");
    return 0;
}
