/* The compiler's list of the files that it opened, whose names are the stranger's. */
#include "opened.h"
#include "given.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    opened_report(given_file(bytes, size), true);
    return 0;
}
