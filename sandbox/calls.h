/* What arrives at a filter's notifications: system calls that the filter does not decide alone. */
#ifndef CLOISTER_CALLS_H
#define CLOISTER_CALLS_H

#include "child.h"

struct seccomp_data;
#define CALL_ENDS_STAGE -1

/* What becomes of a call: 0, it goes through; an error that it fails with; or CALL_ENDS_STAGE, and
 * its name has been reported. */
int calls_decide(struct child *child, enum stage_kind stage, const char *folder,
                 const struct limits *limits, const struct seccomp_data *call);

/* Judge one waiting call of `child`. Its first execve goes through. In the run stage a call that
 * names a file goes through if the file is the project's or a library; otherwise it fails, and is
 * reported unless libc or FANN make it in honest programs. Anything else is reported by name, and
 * the answer is false: the stage has to end. */
bool calls_judge(struct child *child, enum stage_kind stage, const char *folder,
                 const struct limits *limits);

/* Let a child go on that calls_judge held where it opens its `hold`. */
void calls_release(struct child *child);

#endif
