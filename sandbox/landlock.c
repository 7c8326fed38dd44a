#define _GNU_SOURCE
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14) /* ABI 3 */
#endif
#define ACCESS_FS_IOCTL_DEV (1ULL << 15) /* ABI 5 */

/* The structure of ABI 6, whatever the headers of this image know; the kernel takes shorter ones. */
struct ruleset {
    uint64_t handled_access_fs, handled_access_net, scoped;
};

#define READ_EXECUTE (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE)
#define READ LANDLOCK_ACCESS_FS_READ_FILE
#define READ_WRITE                                                                           \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |                          \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |                          \
     LANDLOCK_ACCESS_FS_REFER | LANDLOCK_ACCESS_FS_TRUNCATE)

struct grant {
    const char *path;
    uint64_t access;
};

static const struct grant compile_grants[] = {
    /* the linker lists the folders it searches */
    {"/usr", READ_EXECUTE | LANDLOCK_ACCESS_FS_READ_DIR},
    {"/lib", READ_EXECUTE | LANDLOCK_ACCESS_FS_READ_DIR},
    {"/lib64", READ_EXECUTE | LANDLOCK_ACCESS_FS_READ_DIR},
    {"/etc/ld.so.cache", READ},
    {PROJECT_FOLDER, READ},
    {BUILD_FOLDER, READ_WRITE},
};
/* The include tree and the compiler are in /usr/lib/cloister, out of the program's sight. */
static const struct grant run_grants[] = {
    {"/lib", READ_EXECUTE},
    {"/lib64", READ_EXECUTE},
    {"/etc/ld.so.cache", READ},
    {LOCALE_FOLDER, READ | LANDLOCK_ACCESS_FS_READ_DIR}, /* setlocale() opens a folder in it */
    {PROGRAM_PATH, READ_EXECUTE},
    {PROJECT_FOLDER, READ_WRITE},
};

static bool grant(int ruleset, const struct grant *given, uint64_t handled)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = given->access & handled};
    rule.parent_fd = open(given->path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return errno == ENOENT; /* musl has no /lib64 */
    struct stat status;
    if (fstat(rule.parent_fd, &status) == 0 && !S_ISDIR(status.st_mode))
        rule.allowed_access &= LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                               LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

bool landlock_restrict(enum stage_kind stage, int abi)
{
    if (!abi)
        return true;
    struct ruleset ruleset = {
        .handled_access_fs = (1ULL << 13) - 1,
        .handled_access_net = abi >= 4 ? 3 : 0, /* bind and connect over TCP: nowhere */
        .scoped = abi >= 6 ? 3 : 0,             /* abstract sockets and signals: only its own */
    };
    if (abi >= 2)
        ruleset.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3)
        ruleset.handled_access_fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
    if (abi >= 5)
        ruleset.handled_access_fs |= ACCESS_FS_IOCTL_DEV;
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    int descriptor = (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
    if (descriptor < 0)
        return false;
    const struct grant *grants = stage == STAGE_RUN ? run_grants : compile_grants;
    size_t count = stage == STAGE_RUN ? LENGTH(run_grants) : LENGTH(compile_grants);
    for (size_t i = 0; i < count; i++)
        if (!grant(descriptor, &grants[i], ruleset.handled_access_fs))
            return false;
    return syscall(SYS_landlock_restrict_self, descriptor, 0) == 0;
}
