/* From an address in the program to the line of source it was compiled from. */
#ifndef CLOISTER_LINES_H
#define CLOISTER_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line {
    char file[256];
    unsigned number; /* from 1 */
};

/* Look `offset`, counted from where the program at `path` is loaded, up in its line table
 * (.debug_line, DWARF 4 section 6.2: the compiler is asked for that version). The table was made
 * from a stranger's source, so every step is checked. False: it says nothing about it. */
bool lines_find(const char *path, uint64_t offset, struct line *line);

#endif
