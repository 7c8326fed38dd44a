/* What the compiler really opened, by its own word (-MD). */
#ifndef CLOISTER_OPENED_H
#define CLOISTER_OPENED_H

#include <stdbool.h>

/* Read the dependencies of `unit` in `path` and report the project's files among them, and with
 * `only_allowed` every file that is neither the project's nor in the private include tree. False
 * if there was one, or if the list cannot be read. `early`: the unit came as a standard input, so
 * its own name and that of a target are not in the list, which may be empty. */
bool opened_report(const char *path, const char *unit, bool early, bool only_allowed);

#endif
