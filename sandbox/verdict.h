/* Why a stage ended, and the last frame, which says so. */
#ifndef CLOISTER_VERDICT_H
#define CLOISTER_VERDICT_H

#include "child.h"

#include <stdbool.h>
#include <stdint.h>

/* What is added up over the stages. */
struct account {
    int64_t compile_us;
    long oom_kills_before; /* of the stage that goes on */
    bool early;            /* the compiler had been waiting: early.h */
    bool early_link;       /* and the linker: early_link.h */
};
extern struct account account;

/* Milliseconds of the compile stage's limit that are left, at least one. */
uint64_t compile_time_left(void);

/* The word for the end of `child`, or for what the supervisor ended the stage for. */
const char *verdict_cause(const struct child *child);

/* Send the verdict and end. */
void verdict_send(const char *stage_name, const char *cause, const struct child *child,
                  int64_t run_us, uint64_t output_bytes) __attribute__((noreturn));

#endif
