/* Which files a stage may use, landlock(7). */
#ifndef CLOISTER_LANDLOCK_H
#define CLOISTER_LANDLOCK_H

#include "confine.h"

/* To be called in the child, without privileges to gain. `abi` 0: this kernel has none. False: the
 * wall could not be put up. */
bool landlock_restrict(enum stage_kind stage, int abi);

#endif
