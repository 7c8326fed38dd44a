#define _GNU_SOURCE
#include "introspect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Asked for by a sanitizer that starts, which does without. */
static const char *const not_there[] = {"/proc/self/cmdline", "/proc/self/environ"};

static void answer(const struct child *child, uint64_t id, int64_t value, int error)
{
    struct seccomp_notif_resp response = {.id = id, .val = value, .error = -error};
    ioctl(child->notifications, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

static void hand_over(const struct child *child, uint64_t id, int file)
{
    struct seccomp_notif_addfd handed = {
        .id = id, .srcfd = (unsigned)file, .newfd_flags = O_CLOEXEC};
    int descriptor = file < 0 ? -1 : ioctl(child->notifications, SECCOMP_IOCTL_NOTIF_ADDFD, &handed);
    answer(child, id, descriptor, descriptor < 0 ? EMFILE : 0);
    if (file >= 0)
        close(file);
}

/* Whether the child could write there itself: /proc/pid/mem would write into its code as well. */
static bool may_write(pid_t pid, uint64_t address, size_t length)
{
    char path[64], row[512];
    unsigned long start, end;
    bool writable = false;
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "re");
    while (maps && !writable && fgets(row, sizeof row, maps)) {
        char rights[5];
        writable = sscanf(row, "%lx-%lx %4s", &start, &end, rights) == 3 && rights[1] == 'w' &&
                   address >= start && address < end && length <= end - address;
    }
    if (maps)
        fclose(maps);
    return writable;
}

/* readlink("/proc/self/exe"): the name has to be written into the child. */
static void name_program(const struct child *child, const struct seccomp_notif *call)
{
    static const char name[] = PROGRAM_PATH;
    size_t length = sizeof name - 1;
    char path[64];
    if (call->data.args[2] < length)
        length = (size_t)call->data.args[2];
    snprintf(path, sizeof path, "/proc/%d/mem", child->pid);
    int memory = may_write(child->pid, call->data.args[1], length)
                     ? open(path, O_WRONLY | O_CLOEXEC)
                     : -1;
    ssize_t written =
        memory < 0 ? -1 : pwrite(memory, name, length, (off_t)call->data.args[1]);
    if (memory >= 0)
        close(memory);
    answer(child, call->id, written, written < 0 ? EFAULT : 0);
}

static bool open_own(const struct child *child, uint64_t id, const char *path)
{
    char maps[64];
    snprintf(maps, sizeof maps, "/proc/%d/maps", child->pid);
    if (!strcmp(path, PROGRAM_PATH) || !strcmp(path, "/proc/self/exe"))
        hand_over(child, id, open(PROGRAM_PATH, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    else if (!strcmp(path, "/proc/self/maps"))
        hand_over(child, id, open(maps, O_RDONLY | O_CLOEXEC));
    else if (!strcmp(path, not_there[0]) || !strcmp(path, not_there[1]))
        answer(child, id, 0, ENOENT);
    else
        return false;
    return true;
}

bool introspect(const struct child *child, const struct seccomp_notif *call)
{
    const struct seccomp_data *data = &call->data;
    bool at = data->nr == SYS_openat, opens = at || data->nr == SYS_open;
    char path[32];
    if (!(opens || data->nr == SYS_readlink) ||
        !child_read_text(child, data->args[at], path, sizeof path))
        return false;
    if (opens)
        return (data->args[at + 1] & ~(uint64_t)O_CLOEXEC) == O_RDONLY &&
               open_own(child, call->id, path);
    if (!strcmp(path, "/proc/self/exe"))
        name_program(child, call);
    else
        answer(child, call->id, 0, ENOSYS); /* as the filter says to everybody else */
    return true;
}
