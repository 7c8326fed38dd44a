/* A set is a file NAME+NAME….h in the image with its .gch beside it (assemble.sh). Standard headers
 * mean the same in any order, C17 7.1.2p4, and FANN's come one to a set, so a set may stand in for
 * the includes at the top of a source if it holds no header that is not among them. Whatever
 * might change what a header means, any other directive to begin with, ends the top. */
#define _GNU_SOURCE
#include "precompiled.h"
#include "child.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER TOOLS "precompiled/"
#define SUFFIX ".h.gch"
#define MOST_SETS 32
#define MOST_HEADERS 16
#define NAME_ROOM 96

static struct set {
    char name[NAME_ROOM]; /* without SUFFIX */
    off_t size;
} sets[MOST_SETS];
static size_t set_count;

void precompiled_prepare(void)
{
    DIR *folder = opendir(FOLDER);
    if (!folder)
        return;
    for (struct dirent *entry; set_count < MOST_SETS && (entry = readdir(folder));) {
        size_t length = strlen(entry->d_name);
        struct stat status;
        if (length <= strlen(SUFFIX) || length - strlen(SUFFIX) >= NAME_ROOM ||
            strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX) ||
            fstatat(dirfd(folder), entry->d_name, &status, 0))
            continue;
        struct set *set = &sets[set_count++];
        snprintf(set->name, sizeof set->name, "%.*s", (int)(length - strlen(SUFFIX)),
                 entry->d_name);
        set->size = status.st_size;
    }
    closedir(folder);
}

/* The start of the next line that is not empty and no comment; NULL where that is not plain. */
static const char *next_line(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n");
        const char *end = NULL;
        if (!strncmp(at, "//", 2))
            end = strchr(at, '\n');
        else if (!strncmp(at, "/*", 2) && (end = strstr(at + 2, "*/")))
            end += 2;
        else
            return at;
        /* A backslash could join lines: that is for the compiler to read. */
        if (!end || memchr(at, '\\', (size_t)(end - at)))
            return NULL;
        at = end;
    }
}

/* The name in an #include at `at`, and the rest of its line; NULL if it is anything else. */
static const char *read_include(const char *at, const char *folder, char name[NAME_ROOM])
{
    char open, close;
    int length = 0;
    if (sscanf(at, "# include %c%95[a-z0-9_.]%c%n", &open, name, &close, &length) != 3 || !length)
        return NULL;
    bool quoted = open == '"' && close == '"';
    if (!quoted && !(open == '<' && close == '>'))
        return NULL;
    /* In quotes the project's own files come first. */
    char own[sizeof PROJECT_FOLDER + 512 + NAME_ROOM];
    snprintf(own, sizeof own, PROJECT_FOLDER "/%.511s/%.95s", folder, name);
    if (quoted && access(own, F_OK) == 0)
        return NULL;
    at += length;
    at += strspn(at, " \t\r");
    return *at == '\n' || !strncmp(at, "//", 2) || !strncmp(at, "/*", 2) ? at : NULL;
}

/* How many of the headers at the top of the source there are. */
static size_t top_of(const char *source, const char *folder,
                     char headers[MOST_HEADERS][NAME_ROOM])
{
    size_t count = 0;
    while (count < MOST_HEADERS && (source = next_line(source)) && *source == '#' &&
           (source = read_include(source, folder, headers[count])))
        count++;
    return count;
}

static bool holds_only(const char *set, char headers[MOST_HEADERS][NAME_ROOM], size_t count)
{
    char names[NAME_ROOM];
    snprintf(names, sizeof names, "%.95s", set);
    for (char *name = strtok(names, "+"); name; name = strtok(NULL, "+")) {
        size_t i = 0;
        while (i < count && (strncmp(headers[i], name, strlen(name)) ||
                             strcmp(headers[i] + strlen(name), ".h")))
            i++;
        if (i == count)
            return false;
    }
    return true;
}

void precompiled_choose(const char *source, const char *folder, char *path, size_t room)
{
    static char headers[MOST_HEADERS][NAME_ROOM];
    size_t count = top_of(source, folder, headers);
    off_t best = 0;
    for (size_t i = 0; i < set_count; i++)
        if (sets[i].size > best && holds_only(sets[i].name, headers, count)) {
            best = sets[i].size;
            snprintf(path, room, FOLDER "%s.h", sets[i].name);
        }
}
