/* A tool's arguments, kept one on a line in a file of the image. */
#ifndef CLOISTER_COMMAND_H
#define CLOISTER_COMMAND_H

#include "order.h"

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

#endif
