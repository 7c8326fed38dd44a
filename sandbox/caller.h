/* Where in its own source a program made the call that it was stopped in. */
#ifndef CLOISTER_CALLER_H
#define CLOISTER_CALLER_H

#include "child.h"
#include "lines.h"

/* The line of the program's own code that led into the system call that `child` waits in: the call
 * itself, or else the nearest return address on its stack. A guess, but from the one place where
 * the truth is: false when there is nothing to go by. */
bool caller_line(const struct child *child, struct line *line);
/* The same for a fault at `instruction`, with that stack pointer. */
bool caller_of_fault(const struct child *child, uint64_t instruction, uint64_t stack,
                     struct line *line);

#endif
