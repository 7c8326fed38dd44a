/* What the compiler really opened, by its own word (-MD). */
#ifndef CLOISTER_OPENED_H
#define CLOISTER_OPENED_H

#include <stdbool.h>

/* Read the dependencies in `path` and report every file that is neither the project's nor in the
 * private include tree. False if there was one, or if the list cannot be read. `has_target`: the
 * list of a file begins with its name; that of a standard input may be empty. */
bool opened_only_allowed(const char *path, bool has_target);

#endif
