#define _GNU_SOURCE
#include "opened.h"
#include "child.h"
#include "frames.h"

#include <stdio.h>
#include <string.h>

#define PATH_ROOM 4096

/* Relative names start in the project; “..” must not leave it. */
static bool in_project(const char *path)
{
    int depth = 0;
    for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
        size_t length = strcspn(part, "/");
        if (length == 2 && !strncmp(part, "..", 2))
            depth--;
        else if (length && !(length == 1 && *part == '.'))
            depth++;
        if (depth < 0)
            return false;
    }
    return *path != '/';
}

static bool allowed(const char *path)
{
    static const char tree[] = TOOLS "include/", sets[] = TOOLS "precompiled/";
    bool in_image = !strncmp(path, tree, sizeof tree - 1) || !strncmp(path, sets, sizeof sets - 1);
    return in_project(path) || (in_image && !strstr(path, "/../"));
}

/* The next name of a Makefile rule: blanks end it, a backslash takes the next character as it is,
 * “$$” is a dollar sign, and a backslash before a newline goes on in the next line. */
static bool next_name(FILE *file, char name[PATH_ROOM])
{
    size_t length = 0;
    int character;
    while ((character = getc(file)) != EOF && length + 1 < PATH_ROOM) {
        if (character == '\\') {
            character = getc(file);
            if (character == '\n')
                continue;
        } else if (character == '$') {
            character = getc(file);
        } else if (character == ' ' || character == '\n') {
            if (length)
                break;
            continue;
        }
        name[length++] = (char)character;
    }
    name[length] = '\0';
    return length;
}

bool opened_only_allowed(const char *path)
{
    FILE *file = fopen(path, "re");
    char name[PATH_ROOM];
    bool all_allowed = file && next_name(file, name); /* before the colon */
    while (file && next_name(file, name))
        if (!allowed(name)) {
            frames_send(EVENT_OPENED, name, strlen(name));
            all_allowed = false;
        }
    if (file)
        fclose(file);
    return all_allowed;
}
