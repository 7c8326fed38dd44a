/* A tool's arguments, kept one on a line in a file of the image. */
#ifndef CLOISTER_COMMAND_H
#define CLOISTER_COMMAND_H

#include "confine.h"
#include "order.h"

#include <stdbool.h>

/* The object of the first C file. */
#define FIRST_OBJECT BUILD_FOLDER "/0.o"
/* Where the compiler writes which files it read. */
#define DEPENDENCIES BUILD_FOLDER "/dependencies"

struct command {
    char *argument[MAX_ARGUMENTS];
    size_t count;
};

/* A line in a file of arguments that stands for others; the list of them ends with NULL. */
struct marker {
    const char *line;
    char *const *values;
};

void command_add(struct command *command, char *argument);
/* Append the lines of a file of the image; `markers` ends with one without a line, or is NULL. */
void command_add_lines(struct command *command, const char *name, const struct marker *markers);
/* cc1 for one unit; `output` is “-” for its standard output. */
void command_of_compiler(struct command *command, char *unit, char *output, char *dependencies);
/* What is linked into a program beside its own objects; ends with NULL. */
char *const *command_parts(bool sanitized, bool fixed_seed);

#endif
