/* Whether an interactive program does nothing because its person is on turn. */
#ifndef CLOISTER_IDLE_H
#define CLOISTER_IDLE_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether the program waits for its standard input. For one program at a time: what it used is remembered. */
bool waits_for_person(pid_t pid);

#endif
