// expect: success stdout="[two words] [] [ünïcode]"
// args: "two words" "" ünïcode
#include <stdio.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        printf("[%s]%c", argv[i], i + 1 < argc ? ' ' : '\n');
    return 0;
}
