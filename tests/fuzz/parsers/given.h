/* What the targets share: the input as a file, read into memory that ends where the file does, so
 * that ASan sees the first byte behind it. */
#ifndef CLOISTER_FUZZ_GIVEN_H
#define CLOISTER_FUZZ_GIVEN_H

#include <stddef.h>
#include <stdint.h>

/* The path of a file with these bytes. */
const char *given_file(const uint8_t *bytes, size_t size);
/* Give back what the parser mapped and left mapped. */
void given_forget(void);

#endif
