#define _GNU_SOURCE
#include "trace.h"
#include "calls.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

bool trace_begin(pid_t pid)
{
    return ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL) == 0;
}

bool trace_place(pid_t pid, unsigned long *stack, unsigned long *instruction)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, pid, 0, &registers))
        return false;
    *stack = registers.rsp;
    *instruction = registers.rip;
    return true;
}

ssize_t trace_read(pid_t pid, uint64_t address, void *bytes, size_t length)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = memory < 0 ? -1 : pread(memory, bytes, length, (off_t)address);
    if (memory >= 0)
        close(memory);
    return count;
}

/* Make the call the child has stopped in fail: it has no number then, and its result is ours. */
static bool fail_call(pid_t pid, struct user_regs_struct *registers, int error)
{
    registers->orig_rax = (unsigned long long)-1;
    registers->rax = (unsigned long long)-error;
    return ptrace(PTRACE_SETREGS, pid, 0, registers) == 0;
}

static bool judge(struct child *child, enum stage_kind stage, const char *folder,
                  const struct limits *limits)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, child->pid, 0, &registers))
        return true; /* it died in the meantime */
    const struct seccomp_data data = {
        .nr = (int)registers.orig_rax,
        .args = {registers.rdi, registers.rsi, registers.rdx, registers.r10, registers.r8,
                 registers.r9}};
    int error = calls_decide(child, stage, folder, limits, &data);
    if (error == CALL_ENDS_STAGE || (error && !fail_call(child->pid, &registers, error)))
        return false;
    ptrace(PTRACE_CONT, child->pid, 0, 0);
    return true;
}

bool trace_resume(struct child *child, enum stage_kind stage, const char *folder,
                  const struct limits *limits)
{
    int event = child->status >> 16;
    if (event == PTRACE_EVENT_SECCOMP)
        return judge(child, stage, folder, limits);
    /* A signal that stops it does; PTRACE_EVENT_STOP is that stop. Any other is delivered. */
    if (event == PTRACE_EVENT_STOP && WSTOPSIG(child->status) != SIGTRAP)
        ptrace(PTRACE_LISTEN, child->pid, 0, 0);
    else
        ptrace(PTRACE_CONT, child->pid, 0, event ? 0 : WSTOPSIG(child->status));
    return true;
}
