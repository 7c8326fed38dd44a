/* The compiler's list of the files that it opened, whose names are the stranger's. */
#include "opened.h"
#include "given.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    opened_only_allowed(given_file(bytes, size));
    return 0;
}
