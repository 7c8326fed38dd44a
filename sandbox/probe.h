/* What the kernel under a sandbox offers. */
#ifndef CLOISTER_PROBE_H
#define CLOISTER_PROBE_H

#include "confine.h"

struct walls walls_probe(void);

#endif
