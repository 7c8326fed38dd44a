#define _GNU_SOURCE
#include "calls.h"
#include "caller.h"
#include "crash.h"
#include "filters.h"
#include "frames.h"
#include "introspect.h"
#include "mounts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PATH_ROOM 4096
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
/* A program that tries a thousand paths is described well enough by the first few. */
#define MOST_PATHS 16

static void answer(const struct child *child, uint64_t id, int error)
{
    struct seccomp_notif_resp response = {.id = id, .error = -error};
    if (!error)
        response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ioctl(child->notifications, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* `path` seen from `folder`, without “.”, “..” and doubled slashes. There are no symbolic links in
 * the project, and no call that would make one, so the text decides. */
static void resolve(const char *folder, const char *path, char whole[2 * PATH_ROOM])
{
    char joined[2 * PATH_ROOM];
    snprintf(joined, sizeof joined, "%s/%s", *path == '/' ? "" : folder, path);
    size_t length = 0;
    for (char *part = strtok(joined, "/"); part; part = strtok(NULL, "/")) {
        if (!strcmp(part, "."))
            continue;
        if (!strcmp(part, "..")) {
            while (length && whole[--length] != '/')
                ;
            continue;
        }
        length += (size_t)sprintf(whole + length, "/%s", part);
    }
    whole[length] = '\0';
}

static bool lies_in(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return !strncmp(path, folder, length) && (path[length] == '/' || path[length] == '\0');
}

static void report_path(const struct child *child, const char *path)
{
    static char told[MOST_PATHS][256];
    static size_t count;
    for (size_t i = 0; i < count; i++)
        if (!strncmp(told[i], path, sizeof told[0] - 1))
            return;
    if (count == MOST_PATHS)
        return;
    memcpy(told[count++], path, strnlen(path, sizeof told[0] - 1));
    struct line line = {0};
    char place[sizeof line.file + 16];
    bool placed = caller_line(child, &line);
    int length = snprintf(place, sizeof place, "%u:%s", placed ? line.number : 0, line.file);
    frames_send2(EVENT_PATH, place, (size_t)length + 1, path, strlen(path));
}

static bool lies_in_any(const char *path, const char *const *folders, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lies_in(path, folders[i]))
            return true;
    return false;
}

static bool may_use(const char *path, bool changes)
{
    return changes ? lies_in(path, PROJECT_FOLDER)
                   : lies_in_any(path, program_folders, LENGTH(program_folders));
}

static bool is_honest(const char *path, bool changes)
{
    return lies_in_any(path, honest_paths, LENGTH(honest_paths)) &&
           strncmp(path, TOOLS, sizeof TOOLS - 1) != 0 && (!changes || !strcmp(path, TERMINAL));
}

/* 0: the file is the program's to use, or to change; otherwise the error that the call fails with. */
static int judge_path(const struct child *child, const char *folder, uint64_t address, bool changes,
                      char whole[2 * PATH_ROOM])
{
    char path[PATH_ROOM];
    *whole = '\0';
    if (!child_read_text(child, address, path, sizeof path))
        return EFAULT;
    if (!*path) /* newfstatat of an open descriptor; for any other call the kernel says ENOENT */
        return 0;
    if (!folder) {
        report_path(child, path);
        return EACCES;
    }
    resolve(folder, path, whole);
    if (may_use(whole, changes))
        return 0;
    if (is_honest(whole, changes))
        return ENOENT;
    report_path(child, *whole ? whole : "/");
    return strcmp(whole, OWN_MAP) ? EACCES : EPERM;
}

/* As Landlock does it: in silence, because compilers look in many places. */
static int judge_compiler_path(const struct child *child, const char *folder, uint64_t address)
{
    char path[PATH_ROOM], whole[2 * PATH_ROOM];
    if (!child_read_text(child, address, path, sizeof path))
        return EFAULT;
    resolve(folder, path, whole);
    if (lies_in_any(whole, compiler_folders, LENGTH(compiler_folders)))
        return 0;
    return access(whole, F_OK) == 0 ? EACCES : errno;
}

/* Whether the next file would be one too many; libc will just say that it could not be opened. */
static void watch_open_files(const struct child *child, uint64_t limit)
{
    static bool told;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", child->pid);
    DIR *descriptors = told ? NULL : opendir(path);
    if (!descriptors)
        return;
    uint64_t count = 0;
    for (struct dirent *entry; (entry = readdir(descriptors));)
        count += entry->d_name[0] != '.';
    closedir(descriptors);
    if (count >= limit) {
        told = true;
        frames_print(EVENT_LIMIT, "open-files");
    }
}

static const struct path_call *path_call(int number)
{
    for (size_t i = 0; i < LENGTH(judged_by_path); i++)
        if (judged_by_path[i].number == number)
            return &judged_by_path[i];
    return NULL;
}

static void report_call(const struct child *child, const struct seccomp_data *data)
{
    const char *name = syscall_name(data->nr);
    struct line line = {0};
    bool placed = caller_line(child, &line);
    frames_print(EVENT_BLOCKED,
                 "name=%s\nnumber=%d\narguments=%llx %llx %llx %llx %llx %llx\nline=%u\nfile=%s\n",
                 name ? name : "", data->nr, data->args[0], data->args[1], data->args[2],
                 data->args[3], data->args[4], data->args[5], placed ? line.number : 0,
                 line.file);
}

static int judge_names(struct child *child, const char *folder, const struct limits *limits,
                       const struct path_call *by_path, const struct seccomp_data *call)
{
    char whole[2 * PATH_ROOM];
    /* A name seen from another folder than the current one: libc never asks so, except with an
     * empty name, for a descriptor that is open already. */
    bool from_here = by_path->folder < 0 || (int)call->args[by_path->folder] == AT_FDCWD;
    bool opens = call->nr == SYS_openat || call->nr == SYS_open;
    uint64_t how = opens ? call->args[by_path->path + 1] : O_RDONLY;
    bool changes = call->nr == SYS_unlink || call->nr == SYS_rename ||
                   (how & O_ACCMODE) != O_RDONLY || how & (O_CREAT | O_TRUNC);
    int error =
        judge_path(child, from_here ? folder : NULL, call->args[by_path->path], changes, whole);
    if (!error && opens)
        watch_open_files(child, limits->open_files);
    if (!error && opens && child->traced && how & O_CREAT)
        error = mounts_take_file(whole);
    if (!error && call->nr == SYS_unlink && child->traced)
        mounts_lose_file(whole);
    if (!error && by_path->other >= 0)
        error = judge_path(child, folder, call->args[by_path->other], changes, whole);
    return error;
}

int calls_decide(struct child *child, enum stage_kind stage, const char *folder,
                 const struct limits *limits, const struct seccomp_data *call)
{
    if (call->nr == SYS_execve && !child->started) {
        child->started = true;
        return 0;
    }
    if (crash_is_told(child, call)) {
        if (stage == STAGE_RUN)
            crash_note(child, call);
        return 0;
    }
    const struct path_call *by_path = path_call(call->nr);
    if (by_path && stage != STAGE_RUN)
        return judge_compiler_path(child, folder, call->args[by_path->path]);
    if (by_path)
        return judge_names(child, folder, limits, by_path, call);
    if (call->nr == SYS_mmap && child->traced && mounts_code_of_file(call))
        return mounts_map_code(child->pid, (int)call->args[4]);
    report_call(child, call);
    return CALL_ENDS_STAGE;
}

static bool opens_held(const struct child *child, const struct seccomp_data *call)
{
    char path[PATH_ROOM];
    bool at = call->nr == SYS_openat, opens = at || call->nr == SYS_open;
    return child->hold && opens && child_read_text(child, call->args[at], path, sizeof path) &&
           !strcmp(path, child->hold);
}

bool calls_judge(struct child *child, enum stage_kind stage, const char *folder,
                 const struct limits *limits)
{
    struct seccomp_notif call = {0};
    if (ioctl(child->notifications, SECCOMP_IOCTL_NOTIF_RECV, &call))
        return true; /* it died in the meantime */
    if (stage == STAGE_RUN && limits->sanitized && introspect(child, &call))
        return true;
    int error = calls_decide(child, stage, folder, limits, &call.data);
    if (error == CALL_ENDS_STAGE)
        return false;
    if (error == 0 && opens_held(child, &call.data))
        child->held = call.id;
    else
        answer(child, call.id, error);
    return true;
}

void calls_release(struct child *child)
{
    answer(child, child->held, 0);
    child->hold = NULL;
    child->held = 0;
}
