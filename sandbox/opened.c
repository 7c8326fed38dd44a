#define _GNU_SOURCE
#include "opened.h"
#include "child.h"
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_ROOM 4096
#define PROJECT_LENGTH strlen(PROJECT_FOLDER "/")

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

static bool in_tree(const char *path)
{
    static const char tree[] = TOOLS "include/", sets[] = TOOLS "precompiled/";
    bool in_image = !strncmp(path, tree, sizeof tree - 1) || !strncmp(path, sets, sizeof sets - 1);
    return in_image && !strstr(path, "/../");
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

/* The reported project files; each is reported once, even if many units include it. */
#define MOST_REPORTED 1000
static char *reported[MOST_REPORTED];

/* Return false if there are more files than any project has. */
static bool report_read(const char *name)
{
    size_t i = 0;
    while (i < MOST_REPORTED && reported[i] && strcmp(reported[i], name))
        i++;
    if (i == MOST_REPORTED)
        return false;
    if (!reported[i]) {
        if (!(reported[i] = strdup(name)))
            die("out of memory");
        frames_send(EVENT_READ, name, strlen(name));
    }
    return true;
}

bool opened_report(const char *path, bool only_allowed)
{
    FILE *file = fopen(path, "re");
    char name[PATH_ROOM];
    bool all_allowed = file && next_name(file, name); /* before the colon */
    while (file && next_name(file, name)) {
        /* Only where absolute names are not refused. */
        bool absolute = !only_allowed && !strncmp(name, PROJECT_FOLDER "/", PROJECT_LENGTH);
        const char *own = absolute ? name + PROJECT_LENGTH : name;
        bool may = in_project(own) ? report_read(own) : !only_allowed || in_tree(name);
        if (!may) {
            frames_send(EVENT_OPENED, name, strlen(name));
            all_allowed = false;
        }
    }
    if (file)
        fclose(file);
    return all_allowed;
}
