#define _GNU_SOURCE
#include "command.h"
#include "child.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void command_add(struct command *command, char *argument)
{
    if (command->count + 1 == MAX_ARGUMENTS)
        die("too many arguments for the compiler");
    command->argument[command->count++] = argument;
}

static void add_line(struct command *command, const char *line, const struct marker *markers)
{
    for (; markers && markers->line; markers++)
        if (!strcmp(line, markers->line)) {
            for (char *const *value = markers->values; *value; value++)
                command_add(command, *value);
            return;
        }
    command_add(command, strdup(line));
}

void command_add_lines(struct command *command, const char *name, const struct marker *markers)
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
        add_line(command, line, markers);
    }
    free(line);
    fclose(file);
}

void command_of_compiler(struct command *command, char *unit, char *output, char *dependencies)
{
    const struct marker place[] = {{"@OUTPUT@", (char *[]){output, NULL}}, {0}};
    command_add_lines(command, "cc1.args", place);
    command_add_lines(command,
                      order.extended_headers ? "headers-extended.args" : "headers-default.args",
                      NULL);
    if (order.limits.sanitized)
        command_add_lines(command, "cc1-sanitize.args", NULL);
    if (order.show_warnings)
        command_add(command, "-Wno-error");
    command_add(command, "-MD");
    command_add(command, dependencies);
    command_add(command, unit);
}

#define PART(name) TOOLS "link/" name ".o"

char *const *command_parts(bool sanitized, bool fixed_seed)
{
    static char prelude[] = PART("prelude"), witness[] = PART("witness"), seed[] = PART("seed"),
                sanitize[] = PART("sanitize");
    static char *parts[4];
    parts[0] = prelude;
    parts[1] = sanitized ? sanitize : witness; /* the sanitizers report faults themselves */
    parts[2] = fixed_seed ? seed : NULL;
    return parts;
}
