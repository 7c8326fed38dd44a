#include "crash.h"
#include "caller.h"
#include "witness.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>

static struct {
    int signal;
    bool placed;
    struct line line;
} last;

bool crash_is_told(const struct child *child, const struct seccomp_data *call)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    bool told = false;
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        told |= (int)call->args[2] == fatal[i];
    return told && call->nr == SYS_tgkill && (pid_t)call->args[0] == child->pid;
}

void crash_note(const struct child *child, const struct seccomp_data *call)
{
    last.signal = (int)call->args[2];
    last.placed = call->args[5] == WITNESS_MARK
                      ? caller_of_fault(child, call->args[3], call->args[4], &last.line)
                      : caller_line(child, &last.line);
}

const struct line *crash_place(int signal)
{
    return signal && signal == last.signal && last.placed ? &last.line : NULL;
}
