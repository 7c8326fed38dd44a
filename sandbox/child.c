#define _GNU_SOURCE
#include "child.h"
#include "frames.h"
#include "trace.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const compile_environment[] = {"PATH=" TOOLS, "LANG=C.UTF-8",
                                                  "TMPDIR=" BUILD_FOLDER, NULL};
static const char *const run_environment[] = {"LANG=C.UTF-8", "TERM=xterm-256color", NULL};

static void become(enum stage_kind stage, const struct walls *walls, const struct limits *limits,
                   char *const *argv, const struct streams *streams, const char *folder, int report,
                   int go)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    if (streams->terminal)
        ioctl(streams->input, TIOCSCTTY, 0);
    /* The supervisor may fetch the listener from, or trace, only a process that allows inspection;
     * exec would switch that on anyway. */
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    char mark = 0;
    if (walls->trace && (write(report, &mark, 1) != 1 || read(go, &mark, 1) != 1))
        _exit(NOT_STARTED);
    /* If memory runs out this process is the one to go, never the supervisor. */
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    bool ready = score >= 0 && write(score, "1000", 4) == 4 && chdir(folder) == 0;
    dup2(streams->input, STDIN_FILENO);
    dup2(streams->output, STDOUT_FILENO);
    dup2(streams->errors, STDERR_FILENO);
    dup2(report, 3);
    ready = ready && syscall(SYS_close_range, 4, INT_MAX, 0) == 0 &&
            fcntl(3, F_SETFD, FD_CLOEXEC) == 0;
    char *const *environment =
        (char *const *)(stage == STAGE_RUN ? run_environment : compile_environment);
    const char *path = stage == STAGE_RUN ? PROGRAM_PATH : argv[0];
    int listener = -1;
    ready = ready &&
            confine(stage, walls, limits, path, argv, environment, &listener);
    struct {
        int ready, listener;
    } word = {ready, listener};
    if (write(3, &word, sizeof word) == sizeof word && ready)
        execve(path, argv, environment);
    _exit(NOT_STARTED);
}

/* Fetch the listener's descriptor out of the child: pidfd_getfd(2). */
static int fetch(pid_t pid, int descriptor)
{
    int process = (int)syscall(SYS_pidfd_open, pid, 0);
    int fetched = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, descriptor, 0);
    if (process >= 0)
        close(process);
    return fetched;
}

void child_start(struct child *child, enum stage_kind stage, const struct walls *walls,
                 const struct limits *limits, char *const *argv, const struct streams *streams,
                 const char *folder)
{
    int report[2], go[2] = {-1, -1};
    if (pipe2(report, O_CLOEXEC) || (walls->trace && pipe2(go, O_CLOEXEC)))
        die("no pipe");
    *child = (struct child){.notifications = -1, .alive = true};
    child->tool = stage == STAGE_RUN ? NULL : argv[0];
    child->pid = fork();
    if (child->pid == 0)
        become(stage, walls, limits, argv, streams, folder, report[1], go[0]);
    close(report[1]);
    if (walls->trace) {
        char mark; /* it allows inspection */
        child->traced = read(report[0], &mark, 1) == 1 && trace_begin(child->pid) &&
                        write(go[1], &mark, 1) == 1;
        close(go[0]), close(go[1]);
        if (!child->traced)
            die("the program cannot be traced");
    }
    struct {
        int ready, listener;
    } word = {0};
    if (child->pid < 0 || read(report[0], &word, sizeof word) != sizeof word || !word.ready)
        die("the walls could not be put up");
    close(report[0]);
    if (!walls->notify)
        return;
    child->notifications = fetch(child->pid, word.listener);
    if (child->notifications < 0)
        die("no notifications from the filter");
}

ssize_t child_read(const struct child *child, uint64_t address, void *bytes, size_t length)
{
    if (child->traced)
        return trace_read(child->pid, address, bytes, length);
    struct iovec here = {bytes, length}, there = {(void *)(uintptr_t)address, length};
    return process_vm_readv(child->pid, &here, 1, &there, 1, 0);
}

bool child_read_text(const struct child *child, uint64_t address, char *text, size_t room)
{
    size_t used = 0;
    while (used + 1 < room) {
        /* Up to the end of a page, because the next one may not be there. */
        size_t piece = 4096 - (address + used) % 4096;
        if (piece > room - 1 - used)
            piece = room - 1 - used;
        ssize_t count = child_read(child, address + used, text + used, piece);
        if (count <= 0)
            return false;
        if (memchr(text + used, '\0', (size_t)count))
            return true;
        used += (size_t)count;
    }
    return false;
}

bool child_reap(struct child *child)
{
    if (!child->alive ||
        wait4(child->pid, &child->status, WNOHANG, &child->usage) != child->pid)
        return false;
    child->alive = WIFSTOPPED(child->status);
    return child->alive;
}
