/* The line table and the symbols of a stranger's program; the first bytes are the address. */
#define _GNU_SOURCE
#include "lines.h"
#include "given.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint32_t address;
    if (size < sizeof address)
        return 0;
    memcpy(&address, bytes, sizeof address);
    const char *path = given_file(bytes + sizeof address, size - sizeof address);
    struct line line = {0};
    lines_find(path, address, &line);
    if (strnlen(line.file, sizeof line.file) == sizeof line.file ||
        strnlen(line.function, sizeof line.function) == sizeof line.function)
        abort();
    return 0;
}
