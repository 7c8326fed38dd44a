/* Theory of operation
 *
 * With SANDBOX_REUSE a container serves one execution after the other. Its process 1 is then a
 * keeper, which runs nothing of a stranger's and reads nothing that a stranger wrote. For each
 * execution it makes a process in new user, pid, mount, ipc, net and uts namespaces, which mounts
 * its own work folders, terminals and /proc over the container's, gives up every right that it has
 * in them, and becomes the supervisor of supervisor.c: namespaces(7), user_namespaces(7).
 *
 * When that process ends the kernel ends whatever is in its pid namespace before it can be waited
 * for, and its mounts go with the last process that saw them. The keeper looks whether that is so.
 * Whatever it does not expect is the end of the container; nothing is repaired.
 *
 * Between two executions standard input may hold what the last supervisor did not read, broken off
 * anywhere, and a stranger chose those bytes. So the server marks its end with random bytes that
 * it tells the keeper at the start and nobody else: before them nothing is looked at. It sends
 * nothing more before the next READY, so bytes behind them are a doubt as well.
 */
#define _GNU_SOURCE
#include "keeper.h"
#include "frames.h"
#include "memory.h"
#include "project.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define MARK_BYTES 32
/* The profile of the container allows unshare(2) with exactly these. */
#define NAMESPACES                                                                           \
    (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS)
/* The kernel counts in batches of pages for each core, and gives a mount's memory back a little
 * after its last process. */
#define SETTLED_BYTES (8L << 20)
#define SETTLE_MS 2000

static uint8_t mark[MARK_BYTES];

/* The end of the container: every other process in it is below this one. */
static void give_up(void)
{
    _exit(75);
}

static void put_down(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text))
        die("no user namespace for an execution; set SANDBOX_REUSE=never");
    close(file);
}

/* As large as the container's own, which the engine mounted, and with its rights. */
static void mount_folder(const char *folder, unsigned long flags)
{
    struct statvfs own;
    char options[128];
    if (statvfs(folder, &own))
        die("no folders for an execution");
    snprintf(options, sizeof options, "size=%llu,nr_inodes=%llu,mode=700",
             (unsigned long long)own.f_blocks * own.f_frsize, (unsigned long long)own.f_files);
    if (mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV | flags, options))
        die("no folders for an execution; set SANDBOX_REUSE=never");
}

/* What the supervisor needs no more once its folders are mounted. SECCOMP_RET_TRACE refuses without
 * hiding the call from a stage's filter, as in seccomp-profile.json. */
static void forbid_more(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mount, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog whole = {LENGTH(code), code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &whole))
        die("the walls could not be put up");
}

/* A user namespace begins with every capability in it: capabilities(7). */
static void drop_rights(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {0};
    for (int right = 0; prctl(PR_CAPBSET_READ, right, 0, 0, 0) >= 0; right++)
        if (prctl(PR_CAPBSET_DROP, right, 0, 0, 0))
            die("the walls could not be put up");
    if (syscall(SYS_capset, &header, none))
        die("the walls could not be put up");
}

static void enter_namespaces(void)
{
    char map[32];
    unsigned user = getuid(), group = getgid();
    if (unshare(NAMESPACES))
        die("this host allows no namespaces to a container; set SANDBOX_REUSE=never");
    /* Its files in /proc are its own only while it may be inspected; nobody is here who could. */
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    put_down("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", user, user);
    put_down("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%u %u 1", group, group);
    put_down("/proc/self/gid_map", map);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
        die("no mounts of its own for an execution");
    mount_folder(PROJECT_FOLDER, MS_NOEXEC);
    mount_folder(BUILD_FOLDER, 0);
    if (mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
              "newinstance,ptmxmode=0666,mode=0620"))
        die("no terminals for an execution");
}

/* In the first process of the new pid namespace: only now /proc can be that namespace's. */
static void become_supervisor(void)
{
    explicit_bzero(mark, sizeof mark);
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "subset=pid"))
        die("no /proc for an execution");
    drop_rights();
    forbid_more();
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* Standard input and output are shared with the supervisors, and so are their flags. */
static void await_bytes(void)
{
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    while (poll(&input, 1, -1) < 0)
        if (errno != EINTR)
            give_up();
}

static void read_mark(void)
{
    for (size_t used = 0; used < sizeof mark;) {
        await_bytes();
        ssize_t count = read(STDIN_FILENO, mark + used, sizeof mark - used);
        if (count == 0)
            _exit(0); /* the server does not need this sandbox any more */
        if (count < 0)
            give_up();
        used += (size_t)count;
    }
}

static void drain_to_mark(void)
{
    uint8_t seen[MARK_BYTES + 4096];
    size_t used = 0;
    for (;;) {
        await_bytes();
        ssize_t count = read(STDIN_FILENO, seen + used, sizeof seen - used);
        if (count == 0)
            _exit(0);
        if (count < 0)
            give_up();
        used += (size_t)count;
        const uint8_t *found = memmem(seen, used, mark, sizeof mark);
        if (found) {
            if (found + sizeof mark != seen + used)
                give_up();
            return;
        }
        if (used >= sizeof mark) {
            memmove(seen, seen + used - (sizeof mark - 1), sizeof mark - 1);
            used = sizeof mark - 1;
        }
    }
}

static bool is_empty(const char *folder)
{
    DIR *listing = opendir(folder);
    int entries = 0;
    if (!listing)
        return false;
    while (readdir(listing))
        entries++;
    closedir(listing);
    return entries == 2; /* itself and the folder above */
}

static bool memory_came_back(long before)
{
    for (int waited = 0; waited < SETTLE_MS; waited++) {
        long now = memory_held();
        if (now < 0)
            return false;
        if (now <= before + SETTLED_BYTES)
            return true;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    return false;
}

/* The next child that ended; anything but the end that it should have is the end of everything. */
static void await_good_end(pid_t pid)
{
    int status;
    pid_t ended = wait4(-1, &status, __WALL, NULL);
    if (ended < 0 || (pid && ended != pid) || !WIFEXITED(status) || WEXITSTATUS(status))
        give_up();
}

static void see_that_nothing_is_left(long memory_before)
{
    static const char *const folders[] = {PROJECT_FOLDER, BUILD_FOLDER, "/dev/shm", "/dev/mqueue"};
    if (wait4(-1, NULL, WNOHANG | __WALL, NULL) != -1 || errno != ECHILD)
        die("a child is left");
    if (kill(-1, 0) != -1 || errno != ESRCH)
        die("a process is left");
    for (size_t i = 0; i < LENGTH(folders); i++)
        if (!is_empty(folders[i]))
            die("a file is left");
    if (!memory_came_back(memory_before))
        die("memory is left");
}

void keeper_serve(void)
{
    read_mark();
    long memory_before = memory_held();
    if (memory_before < 0)
        die("nobody counts memory here, so no sandbox may be used twice; set SANDBOX_REUSE=never");
    for (;;) {
        /* The one between ends at once, so that its child becomes the keeper's. */
        pid_t between = fork();
        if (between == 0) {
            enter_namespaces();
            pid_t first = fork();
            if (first == 0) {
                become_supervisor();
                return;
            }
            _exit(first < 0);
        }
        if (between < 0)
            give_up();
        await_good_end(between);
        await_good_end(0);
        see_that_nothing_is_left(memory_before);
        drain_to_mark();
        fcntl(STDIN_FILENO, F_SETFL, 0);
    }
}
