/* What a program that is run with sanitizers may read of itself. Its report names lines, and for
 * that libasan reads where the program is mapped, the program's own file and that file's name.
 * /proc stays out of sight: the supervisor opens these in the program's place and hands over the
 * descriptors. */
#ifndef CLOISTER_INTROSPECT_H
#define CLOISTER_INTROSPECT_H

#include "child.h"

#include <linux/seccomp.h>

/* If `call` asks for one of them: answer it, and say so. */
bool introspect(const struct child *child, const struct seccomp_notif *call);

#endif
