/* Precompiled headers for the sets of headers that programs begin with. */
#ifndef CLOISTER_PRECOMPILED_H
#define CLOISTER_PRECOMPILED_H

#include <stddef.h>

/* Look which sets the image has. */
void precompiled_prepare(void);

/* The header whose precompiled form holds nothing but what the source begins to include; `path`
 * stays as it is when there is none. `folder` is the source's, below the project's. */
void precompiled_choose(const char *source, const char *folder, char *path, size_t room);

#endif
