/* The arguments of a tool, put together from the image's own files. */
#ifndef CLOISTER_COMMAND_H
#define CLOISTER_COMMAND_H

#include "order.h"

#include <stddef.h>

struct command {
    char *argument[MAX_ARGUMENTS];
    size_t count;
};

void command_add(struct command *command, char *argument);

/* Append the lines of a file of the image; a line that is `marker` stands for `values`. */
void command_add_lines(struct command *command, const char *name, const char *marker,
                       char *const *values);

/* The compiler with its arguments, up to the source's name; the assembler, which makes `object`. */
void command_compiler(struct command *command, bool extended_headers, char *dependencies);
void command_assembler(struct command *command, char *object);

#endif
