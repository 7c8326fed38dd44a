// expect: success stdout="60 MB, all there"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    const size_t size = 60u << 20;
    unsigned char *block = malloc(size);
    if (!block)
        return 1;
    memset(block, 0x5a, size);
    for (size_t i = 0; i < size; i += 4096)
        if (block[i] != 0x5a)
            return 2;
    free(block);
    puts("60 MB, all there");
    return 0;
}
