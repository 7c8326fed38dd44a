/* The walls a stage's process puts around itself just before it becomes the compiler or the
 * program: resource limits, Landlock, a system call filter. */
#ifndef CLOISTER_CONFINE_H
#define CLOISTER_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

#define PROJECT_FOLDER "/work"
#define BUILD_FOLDER "/build"
#define PROGRAM_PATH BUILD_FOLDER "/program"
/* The data of C.UTF-8, which a program's LANG names. */
#define LOCALE_FOLDER "/usr/lib/locale"

/* STAGE_EARLY is the compile stage, but the files that it opens are judged one by one. */
enum stage_kind { STAGE_COMPILE, STAGE_EARLY, STAGE_RUN };

/* What this kernel offers; see probe.h. */
struct walls {
    int landlock_abi;    /* 0: none */
    bool notify;         /* seccomp user notification and pidfd_getfd */
    bool trace;          /* ptrace in its place, where that is missing; see trace.h */
    bool seccomp;        /* seccomp filters at all */
    bool sanitizers;     /* what a program with sanitizers needs: in the image, and from the kernel */
    bool gvisor;         /* the kernel is gVisor's sentry, not the host's */
};

struct limits {
    uint64_t file_bytes, stack_bytes, open_files, cpu_seconds;
    uint64_t memory_bytes; /* 0: a cgroup holds it */
    bool sanitized;        /* the program is built with sanitizers: their calls, their address space */
};

/* Whether refused calls, and those that name a file, come to the supervisor to be judged. */
bool calls_are_judged(const struct walls *walls);

/* To be called in the child. `listener` gets the descriptor of the filter's notifications, or -1
 * where the kernel has none. `path`, `argv` and `environment` are the pointers of the one execve
 * that the filter lets through where notifications cannot judge it. False: a wall that this
 * kernel has could not be put up, so the child must not go on. */
bool confine(enum stage_kind stage, const struct walls *walls, const struct limits *limits,
             const char *path, char *const *argv, char *const *environment, int *listener);

/* The name of a system call, or NULL. */
const char *syscall_name(int number);

#endif
