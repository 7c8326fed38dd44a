/* The link check: which names does a compiled object leave for the libraries to define? */
#ifndef CLOISTER_OBJECT_H
#define CLOISTER_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

/* A set of names; each points into memory that outlives the set. */
struct names {
    const char **item;
    size_t count, room;
};

void names_add(struct names *names, const char *name);
void names_sort(struct names *names);
bool names_have(const struct names *names, const char *name); /* needs names_sort */

/* Read the symbol table of the 64-bit ELF object at `path`: names it defines for others, and names
 * it wants from others. The object was made from a stranger's source, so every offset is checked.
 * False: this is no object that our assembler writes. */
bool object_symbols(const char *path, struct names *defined, struct names *undefined);

#endif
