#define _GNU_SOURCE
#include "memory.h"

#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

bool memory_is_limited(uint64_t bytes)
{
    static const char *const files[] = {"/sys/fs/cgroup/memory.max",
                                        "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
    unsigned long long most = UINT64_MAX; /* “max” is no number */
    for (size_t i = 0; i < 2 && most == UINT64_MAX; i++) {
        FILE *file = fopen(files[i], "re");
        if (file && fscanf(file, "%llu", &most) != 1)
            most = UINT64_MAX;
        if (file)
            fclose(file);
    }
    return most <= bytes;
}

/* proc(5), /proc/pid/statm: the second number counts resident pages. */
static uint64_t resident(pid_t pid)
{
    char path[64];
    unsigned long long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t filled(const char *folder)
{
    struct statvfs use;
    return statvfs(folder, &use) ? 0 : (uint64_t)(use.f_blocks - use.f_bfree) * use.f_frsize;
}

uint64_t memory_in_use(const struct stage *stage)
{
    uint64_t bytes = resident(getpid()) + filled(PROJECT_FOLDER) + filled(BUILD_FOLDER);
    for (int i = 0; i < stage->children; i++)
        if (stage->child[i].alive)
            bytes += resident(stage->child[i].pid);
    return bytes;
}

long memory_kills(void)
{
    static const char *const files[] = {"/sys/fs/cgroup/memory.events",
                                        "/sys/fs/cgroup/memory/memory.oom_control"};
    for (size_t i = 0; i < 2; i++) {
        FILE *file = fopen(files[i], "re");
        if (!file)
            continue;
        char line[128];
        long kills = -1;
        while (fgets(line, sizeof line, file))
            sscanf(line, "oom_kill %ld", &kills);
        fclose(file);
        return kills;
    }
    return -1;
}

long memory_held(void)
{
    static const char *const files[] = {"/sys/fs/cgroup/memory.stat",
                                        "/sys/fs/cgroup/memory/memory.stat"};
    for (size_t i = 0; i < 2; i++) {
        FILE *file = fopen(files[i], "re");
        if (!file)
            continue;
        char line[128];
        long held = 0, bytes;
        bool counted = false;
        /* Private memory is “anon” in version 2, “rss” in version 1. */
        while (fgets(line, sizeof line, file))
            if (sscanf(line, "anon %ld", &bytes) == 1 || sscanf(line, "rss %ld", &bytes) == 1 ||
                sscanf(line, "shmem %ld", &bytes) == 1) {
                held += bytes;
                counted = true;
            }
        fclose(file);
        return counted ? held : -1;
    }
    return -1;
}
