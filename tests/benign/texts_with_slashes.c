// expect: success stdout="/product/12 50% of /process, and/or 3/4"
#include <stdio.h>

int main(void)
{
    const char *route = "/product";
    printf("%s/%d %d%% of /process, and/or 3/4\n", route, 12, 50);
    return 0;
}
