// expect: memory_limit rule=memory-limit
// unvalidated: memory_limit rule=memory-limit
// One block that is larger than the limit.
#include <stdlib.h>
#include <string.h>

int main(void)
{
    char *volatile block = malloc(1 << 28);
    memset(block, 1, 1 << 28);
    return block[1 << 27] - 1;
}
