/* The ELF object that the assembler made of a stranger's source. */
#include "object.h"
#include "given.h"

#include <stdlib.h>
#include <string.h>

static void refuse(const char *what, const char *name)
{
    if (strlen(what) > 64 || strlen(name) > SIZE_MAX / 2)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = given_file(bytes, size);
    for (int sanitized = 0; sanitized < 2; sanitized++) {
        struct names defined = {0}, undefined = {0};
        if (object_read(path, &defined, &undefined, sanitized, refuse)) {
            names_sort(&defined);
            for (size_t i = 0; i < undefined.count; i++)
                names_have(&defined, undefined.item[i]);
        }
        free(defined.item);
        free(undefined.item);
        given_forget();
    }
    return 0;
}
