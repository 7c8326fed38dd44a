/* Where the kernel has no seccomp notifications but has ptrace (gVisor): a filter's refused calls stop
 * the child for its tracer, which is the supervisor. It judges them as it judges notifications. */
#ifndef CLOISTER_TRACE_H
#define CLOISTER_TRACE_H

#include "child.h"

/* Become the tracer of a child that waits before its filter. */
bool trace_begin(pid_t pid);

/* Where a stopped child is: its stack pointer and its instruction pointer. */
bool trace_place(pid_t pid, unsigned long *stack, unsigned long *instruction);
/* Read its memory; like read(2). gVisor has no process_vm_readv, but /proc/<pid>/mem. */
ssize_t trace_read(pid_t pid, uint64_t address, void *bytes, size_t length);

/* Let a child go on that has stopped, with the signal or the judged call it has stopped for. False:
 * it made a call that ends the stage, and stays stopped. */
bool trace_resume(struct child *child, enum stage_kind stage, const char *folder,
                  const struct limits *limits);

#endif
