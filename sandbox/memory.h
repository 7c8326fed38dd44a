/* Where no cgroup limits the sandbox's memory (a runtime that ignores cgroups, an engine without root
 * on cgroups of version 1): the supervisor looks every few milliseconds, and RLIMIT_AS ends what
 * grows faster than that. */
#ifndef CLOISTER_MEMORY_H
#define CLOISTER_MEMORY_H

#include "stage.h"

#define MEMORY_WATCH_MS 5

/* Whether a cgroup is seen that limits this sandbox to so many bytes, or to fewer. */
bool memory_is_limited(uint64_t bytes);
/* Bytes that a cgroup would count: this process's, the stage's children's, the work folders'. */
uint64_t memory_in_use(const struct stage *stage);

/* Bytes of memory that the sandbox's processes and file systems hold, caches of files aside, as
 * its cgroup counts them; -1: nobody counts. */
long memory_held(void);

/* How often the out-of-memory killer was here, as cgroup v2 and v1 count it; -1: nobody counts. */
long memory_kills(void);

#endif
