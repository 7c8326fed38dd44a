/* The project's files: in before the compile, out after the run. */
#ifndef CLOISTER_PROJECT_H
#define CLOISTER_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Write one file below PROJECT_FOLDER from the payload of an ORDER_FILE: path NUL content. */
bool project_write(const uint8_t *payload, size_t length);

/* Send every regular file that is new or differs from what project_write put there. Beyond
 * `count` files nothing is sent; a file that would pass `bytes` in sum goes without content. */
void project_report(uint64_t count, uint64_t bytes);

#endif
