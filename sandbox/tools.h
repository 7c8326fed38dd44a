/* What is done with a source besides running it: a check, its assembler text, its format. */
#ifndef CLOISTER_TOOLS_H
#define CLOISTER_TOOLS_H

#include "confine.h"

/* Use the order's tool behind the compile stage's walls, send what it made and the verdict. */
void tools_use(const struct walls *walls) __attribute__((noreturn));

#endif
