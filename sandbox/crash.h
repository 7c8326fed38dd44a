/* Where in its own source a program met the signal that ended it. */
#ifndef CLOISTER_CRASH_H
#define CLOISTER_CRASH_H

#include "child.h"
#include "lines.h"

#include <linux/seccomp.h>

/* Whether `child` sends itself a signal that ends it: abort() does, and witness.c after a fault. */
bool crash_is_told(const struct child *child, const struct seccomp_data *call);
/* Remember where that was; the child waits in the call. */
void crash_note(const struct child *child, const struct seccomp_data *call);
/* The place of a death by `signal`, or NULL: nobody told of it, or there is nothing to go by. */
const struct line *crash_place(int signal);

#endif
