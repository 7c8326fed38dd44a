/* What the server asks for: files, arguments, limits, the names an object may leave undefined. */
#ifndef CLOISTER_ORDER_H
#define CLOISTER_ORDER_H

#include "confine.h"
#include "frames.h"
#include "object.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_ARGUMENTS 4096 /* far more than limits let through */
#define MAX_UNITS 128

/* What is done with the files: a program is made and run, or one of the tools beside that. */
enum tool { TOOL_RUN, TOOL_CHECK, TOOL_ASSEMBLY, TOOL_FORMAT };

struct order {
    enum tool tool;
    uint64_t text_bytes; /* the longest text that a tool may make */
    bool interactive, link_check, extended_headers, show_warnings, fixed_seed;
    uint64_t compile_ms, run_ms, idle_ms, session_ms, output_bytes, compiler_output_bytes, stdin_bytes;
    uint64_t columns, rows, output_files, output_file_bytes;
    struct limits limits;
    char folder[512], library[64];
    char *argument[MAX_ARGUMENTS + 2]; /* the first is the program's name */
    size_t arguments;
    char *unit[MAX_UNITS]; /* C files to compile */
    size_t units;
    struct names symbols;
};

/* Put the program's data files into the project. */
void order_write_data(void);

extern struct order order;
extern struct frame_reader server; /* what the server sent and nobody has looked at yet */

/* Wait for a whole order, or for word of what will not change (false), of which there may be one
 * before it. Ends the process when the server goes away before. */
bool order_await(void);

#endif
