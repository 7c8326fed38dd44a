/* From the order's C files to a program, or to a verdict that says why there is none. */
#ifndef CLOISTER_BUILD_H
#define CLOISTER_BUILD_H

#include "confine.h"

/* Compile every unit, judge what came out, and link. Returns only when PROGRAM_PATH is there and
 * nothing was refused; otherwise the verdict is sent and the sandbox ends. */
void build_program(const struct walls *walls);

#endif
