/* From an address in the program to the line of source it was compiled from, and the function. */
#ifndef CLOISTER_LINES_H
#define CLOISTER_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line {
    char file[256];
    unsigned number;    /* from 1 */
    char function[128]; /* empty if the symbol table does not say */
};

/* Look `offset`, counted from where the program at `path` is loaded, up in its line table
 * (.debug_line, DWARF 4 section 6.2: the compiler is asked for that version) and its symbols. Both
 * were made from a stranger's source, so every step is checked. False: no line is known. */
bool lines_find(const char *path, uint64_t offset, struct line *line);

#endif
