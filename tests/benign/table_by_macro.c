// expect: success stdout="RED=0 GREEN=1 BLUE=2"
#include <stdio.h>

#define COLOURS(X) X(RED) X(GREEN) X(BLUE)
#define ENUMERATE(name) name,
#define PRINT(name) printf("%s=%d ", #name, name);

enum colour { COLOURS(ENUMERATE) };

int main(void)
{
    COLOURS(PRINT)
    puts("");
    return 0;
}
