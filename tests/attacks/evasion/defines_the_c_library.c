// expect: success stdout=contained
// unvalidated: success stdout=contained
// What libc's start-up code and the line buffering call is the program's own; the filter is not.
#include <stdio.h>
#include <stdlib.h>

int setvbuf(FILE *stream, char *buffer, int mode, size_t size)
{
    (void)stream, (void)buffer, (void)mode, (void)size;
    return 0;
}

void *malloc(size_t size)
{
    static char heap[1 << 16];
    static size_t used;
    used += (size + 15) / 16 * 16;
    return used <= sizeof heap ? heap + used - (size + 15) / 16 * 16 : NULL;
}

void free(void *memory)
{
    (void)memory;
}

int main(void)
{
    puts("contained");
    return 0;
}
