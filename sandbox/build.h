/* From the order's C files to a program, or to a verdict that says why there is none. */
#ifndef CLOISTER_BUILD_H
#define CLOISTER_BUILD_H

#include "confine.h"

#include <stdbool.h>
#include <stdint.h>

/* The object of the first C file. */
#define FIRST_OBJECT BUILD_FOLDER "/0.o"
/* Where the compiler writes which files it read. */
#define DEPENDENCIES BUILD_FOLDER "/dependencies"

/* Compile every unit, judge what came out, and link. Returns only when PROGRAM_PATH is there and
 * nothing was refused; otherwise the verdict is sent and the sandbox ends. */
void build_program(const struct walls *walls);

/* What is linked into a program beside its own objects; ends with NULL. */
char *const *parts_of_program(bool sanitized, bool fixed_seed);

/* Milliseconds of the compile stage's limit that are left, at least one. */
uint64_t compile_time_left(void);

#endif
