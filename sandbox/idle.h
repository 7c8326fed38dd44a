/* Whether an interactive program waits for input, without a gap. */
#ifndef CLOISTER_IDLE_H
#define CLOISTER_IDLE_H

#include <stdint.h>
#include <sys/types.h>

/* The number of the wait that the program is in: 0 while it does anything else than wait for its
 * standard input. Two looks that give the same number, which is not 0, had the program waiting all
 * the time between them. */
uint64_t input_wait(pid_t pid);

#endif
