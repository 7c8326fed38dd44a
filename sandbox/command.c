#define _GNU_SOURCE
#include "command.h"
#include "child.h"
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void command_add(struct command *command, char *argument)
{
    if (command->count + 1 == MAX_ARGUMENTS)
        die("too many arguments for the compiler");
    command->argument[command->count++] = argument;
}

void command_add_lines(struct command *command, const char *name, const char *marker,
                       char *const *values)
{
    char path[128];
    snprintf(path, sizeof path, TOOLS "%s", name);
    FILE *file = fopen(path, "re");
    if (!file)
        die("the image is incomplete");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, file)) > 0) {
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (marker && !strcmp(line, marker))
            for (char *const *value = values; *value; value++)
                command_add(command, *value);
        else
            command_add(command, strdup(line));
    }
    free(line);
    fclose(file);
}

void command_compiler(struct command *command, bool extended_headers, char *dependencies)
{
    command_add_lines(command, "cc1.args", NULL, NULL);
    command_add_lines(command,
                      extended_headers ? "headers-extended.args" : "headers-default.args", NULL,
                      NULL);
    command_add(command, "-MD");
    command_add(command, dependencies);
}

void command_assembler(struct command *command, char *object)
{
    command_add_lines(command, "as.args", "@OBJECT@", (char *[]){object, NULL});
}
