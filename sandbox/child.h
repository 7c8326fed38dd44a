/* The compiler, the assembler, the linker and the program: started behind their walls. */
#ifndef CLOISTER_CHILD_H
#define CLOISTER_CHILD_H

#include "confine.h"

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

/* Exit status of a child that could not become what it should. */
#define NOT_STARTED 127
/* gcc's ICE_EXIT_CODE: the compiler caught a fatal signal and reported it. */
#define COMPILER_CRASHED 4
#define TOOLS "/usr/lib/cloister/"

struct child {
    pid_t pid;
    const char *tool;  /* its executable, or NULL for the program */
    int notifications; /* of its filter, or -1 */
    bool traced;       /* see trace.h */
    bool started;      /* its one execve went through */
    const char *hold;  /* the file at whose opening it is held, or NULL */
    uint64_t held;     /* the call in which it is held, or 0: see calls_release */
    bool alive;
    int status; /* once it has ended: wait4(2) */
    struct rusage usage;
};

struct streams {
    int input, output, errors;
    bool terminal; /* `input` is one, and becomes the child's controlling terminal */
};

/* Start argv[0] (or the program, in the run stage) in `folder`. Ends the sandbox if any wall that
 * this kernel has could not be put up. */
void child_start(struct child *child, enum stage_kind stage, const struct walls *walls,
                 const struct limits *limits, char *const *argv, const struct streams *streams,
                 const char *folder);

/* Read the memory of a child that waits in a call; like read(2). */
ssize_t child_read(const struct child *child, uint64_t address, void *bytes, size_t length);

/* Read the text at `address`; false if there is none that fits. It cannot change meanwhile: the
 * child is in the call and alone, without threads and without memory that it shares with anybody. */
bool child_read_text(const struct child *child, uint64_t address, char *text, size_t room);

/* Collect its end if it has ended; does not wait. True: it has not, but has stopped for its tracer,
 * and `status` says why. */
bool child_reap(struct child *child);

#endif
