/* The linker, started before there is anything to link. See early_link.c. */
#ifndef CLOISTER_EARLY_LINK_H
#define CLOISTER_EARLY_LINK_H

#include "confine.h"
#include "object.h"

/* Start the linker and let it come to the first object, behind the walls of the compile stage. */
void early_link_begin(const struct walls *walls, const struct limits *limits);

/* Let it link the order's program, whose objects are there and define the names `defined`; NULL if
 * nobody has looked. True: PROGRAM_PATH is there. False: it could not, or had something to say;
 * nothing was reported. */
bool early_link(const struct names *defined);

#endif
