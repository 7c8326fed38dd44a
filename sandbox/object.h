/* The link check: what does a compiled object want of the libraries, and what does it bring? */
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

/* What an object may not have: the word for it, and the section or symbol that has it. */
typedef void object_refuse(const char *what, const char *name);

/* Read the 64-bit ELF object at `path`: names it defines for others, names it wants from others.
 * `refuse` is told of code outside of the functions that run when they are called: constructors,
 * indirect functions, executable sections the compiler does not make, an executable stack, and
 * definitions of names that belong to the compiler and libc. The object was made from a
 * stranger's source, so every offset is checked. In a `sanitized` object what gcc's sanitizers bring
 * is not refused. False: our assembler does not write such. */
bool object_read(const char *path, struct names *defined, struct names *undefined,
                 bool sanitized, object_refuse *refuse);

#endif
