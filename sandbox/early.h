/* The compiler, started before there is anything to compile. See early.c. */
#ifndef CLOISTER_EARLY_H
#define CLOISTER_EARLY_H

#include "child.h"
#include "confine.h"

/* Start compiler and assembler, waiting for an order, behind the walls of the compile stage. */
void early_begin(const struct walls *walls, const struct limits *limits, bool extended_headers);

/* Let a child go on until it opens the file `hold`, and hold it there: `held` in child.h. */
void early_await(struct child *child, const char *hold);

/* Let them compile the order's first C file. True: the object is there, as if it had been compiled in
 * the usual way. False: they could not, or somebody has something to say; nothing was reported. */
bool early_compile(void);

/* Whether who was started with the limits `then` may work for an order with the limits `now`. */
bool limits_are_the_same(const struct limits *now, const struct limits *then);

#endif
