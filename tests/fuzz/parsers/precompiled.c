/* The top of a stranger's source, where its first includes are read. */
#include "precompiled.h"
#include "given.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char header[256] = "", *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, bytes, size);
    text[size] = '\0';
    precompiled_choose(text, "folder", header, sizeof header);
    free(text);
    return 0;
}
