/* A stage in progress: the children that run, what they print, what they are told, and why it
 * ended. There is one at a time. */
#ifndef CLOISTER_STAGE_H
#define CLOISTER_STAGE_H

#include "child.h"
#include "frames.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why the supervisor ended a stage; NONE where its children ended by themselves. */
enum cause { NONE, TIME, IDLE, SESSION, OUTPUT, BLOCKED, STOPPED, MEMORY };

struct stage {
    enum stage_kind kind;
    const char *folder; /* where its children work */
    struct child child[2];
    int children;
    struct {
        int descriptor; /* or -1 */
        enum event_type type;
        int64_t last_sent_us;
    } output[2];
    uint64_t kept, allowed; /* bytes of output */
    bool cut;               /* there was more output than allowed */
    bool held;              /* output is only counted, nobody gets it */
    int input;              /* the write end of the program's standard input, or -1 */
    bool terminal;          /* input and output[0] are a terminal's master */
    int64_t began_us, looked_us, charged_us;
    int64_t acted_us;         /* when something last came that could wake the program */
    uint64_t wait;            /* the wait that it was in at the last look, or 0: idle.h */
    int64_t waits_since_us;   /* began it, or was typed into it last */
    int64_t unreported_us;    /* of this wait, as long as the server does not know of it */
    bool wait_reported;       /* the server has the time that is left of this wait */
    bool wait_known;          /* the server takes the program to wait */
    enum cause cause;
};

extern struct stage stage;

int64_t now_us(void);

/* Once, before the first stage: children's ends arrive at a descriptor from now on. */
void stage_listen(void);
/* Start anew, with `allowed` bytes of output. */
void stage_begin(enum stage_kind kind, const char *folder, uint64_t allowed);
/* Watch over the children until all have ended and everything they wrote is read, obeying the
 * server meanwhile; after `limit_ms` of their time they are killed. */
void stage_watch(uint64_t limit_ms);
void stage_close(void);

#endif
