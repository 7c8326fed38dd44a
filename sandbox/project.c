#define _GNU_SOURCE
#include "project.h"
#include "confine.h"
#include "frames.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 16
#define PATH_ROOM 4096

/* What was put there, to tell later what the program changed. */
struct original {
    struct original *next;
    uint64_t hash;
    size_t size;
    char path[];
};
static struct original *originals;

/* FNV-1a: tells an unchanged file from a changed one; the server takes the real digest. */
static uint64_t hash_of(const uint8_t *bytes, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash;
}

static void remember(const char *path, const uint8_t *content, size_t size)
{
    size_t length = strlen(path) + 1;
    struct original *original = malloc(sizeof *original + length);
    if (!original)
        _exit(71);
    *original = (struct original){originals, hash_of(content, size), size};
    memcpy(original->path, path, length);
    originals = original;
}

static const struct original *original_of(const char *path)
{
    const struct original *original = originals;
    while (original && strcmp(original->path, path))
        original = original->next;
    return original;
}

/* The server has checked the names; a path that climbs must not pass here either, nor one that
 * cc1 would take for a precompiled header: that is a memory image nobody has looked at. */
static bool may_be_written(const char *path)
{
    for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
        size_t length = strcspn(part, "/");
        if (length == 2 && !strncmp(part, "..", 2))
            return false;
        if (length >= 4 && !strncasecmp(part + length - 4, ".gch", 4))
            return false;
    }
    return *path && *path != '/';
}

static bool make_folders(char *path)
{
    for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

static bool write_content(int file, const uint8_t *content, size_t size)
{
    while (size) {
        ssize_t written = write(file, content, size);
        if (written <= 0)
            return false;
        content += written;
        size -= (size_t)written;
    }
    return true;
}

bool project_write(const uint8_t *payload, size_t length)
{
    const uint8_t *end = memchr(payload, '\0', length);
    char path[PATH_ROOM];
    if (!end || (size_t)(end - payload) >= sizeof path)
        return false;
    memcpy(path, payload, (size_t)(end - payload) + 1);
    if (!may_be_written(path) || chdir(PROJECT_FOLDER) || !make_folders(path))
        return false;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    size_t size = length - (size_t)(end + 1 - payload);
    bool written = write_content(file, end + 1, size);
    remember(path, end + 1, size);
    return close(file) == 0 && written;
}

struct report {
    uint64_t count, bytes;
};

/* NULL if there is no memory for it. A hole in a file is read without being filled; a mapping of one
 * takes room of the file system, and there may be none. */
static uint8_t *content_of(int file, size_t size)
{
    uint8_t *content = malloc(size + 1);
    ssize_t count = 0;
    for (size_t used = 0; content && used < size; used += (size_t)count)
        if ((count = read(file, content + used, size - used)) <= 0) {
            free(content);
            return NULL;
        }
    return content;
}

static void send_file(struct report *report, const char *path, const uint8_t *content, size_t size)
{
    char head[9 + PATH_ROOM];
    bool kept = content && size <= report->bytes;
    size_t length = strlen(path) + 1;
    for (int i = 0; i < 8; i++)
        head[i] = (char)((uint64_t)size >> (56 - 8 * i));
    head[8] = (char)kept;
    memcpy(head + 9, path, length);
    report->count--;
    if (kept)
        report->bytes -= size;
    frames_send2(EVENT_FILE, head, 9 + length, content, kept ? size : 0);
}

static void report_file(struct report *report, int folder, const char *name, const char *path)
{
    struct stat status;
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        size_t size = (size_t)status.st_size;
        const struct original *original = original_of(path);
        bool same_size = original && original->size == size;
        uint8_t *content = same_size || size <= report->bytes ? content_of(file, size) : NULL;
        if (!(same_size && content && original->hash == hash_of(content, size)))
            send_file(report, path, content, size);
        free(content);
    }
    close(file);
}

static void report_folder(struct report *report, int folder, const char *prefix, int depth)
{
    DIR *entries = fdopendir(folder);
    if (!entries)
        return;
    struct dirent *entry;
    while (report->count && (entry = readdir(entries))) {
        char path[PATH_ROOM];
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
            snprintf(path, sizeof path, "%s%s", prefix, entry->d_name) >= (int)sizeof path - 1)
            continue;
        if (entry->d_type != DT_DIR) {
            report_file(report, dirfd(entries), entry->d_name, path);
        } else if (depth < MAX_DEPTH) {
            strcat(path, "/");
            report_folder(report,
                          openat(dirfd(entries), entry->d_name,
                                 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                          path, depth + 1);
        }
    }
    closedir(entries);
}

void project_report(uint64_t count, uint64_t bytes)
{
    struct report report = {count, bytes};
    report_folder(&report, open(PROJECT_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "", 0);
}
