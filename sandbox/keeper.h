/* One container for several executions: see keeper.c. */
#ifndef CLOISTER_KEEPER_H
#define CLOISTER_KEEPER_H

/* The word on the command line that makes process 1 a keeper; it comes from the configuration. */
#define KEEPER_WORD "keep"

/* Returns once for each execution, in a process that is the first of namespaces of its own; the
 * keeper itself never returns. It ends, and the container with it, at the first doubt. */
void keeper_serve(void);

#endif
