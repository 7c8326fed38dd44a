/* Linked into every program: a fault tells where it was before it ends the program.
 *
 * The handler sends the signal once more, to be taken when it returns and by then fatal. That call
 * goes to the supervisor like every tgkill of a fatal signal (abort() makes one by itself), and
 * carries besides what the kernel does not look at: where the fault was, and its stack pointer.
 * A program that damaged this memory tells nothing or nonsense, about nobody but itself. */
#define _GNU_SOURCE
#include "witness.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static _Alignas(16) char stack[32768]; /* the program's own may be what has overflown */

static void tell(int number, siginfo_t *info, void *context)
{
    const greg_t *registers = ((const ucontext_t *)context)->uc_mcontext.gregs;
    (void)info;
    syscall(SYS_tgkill, getpid(), gettid(), number, registers[REG_RIP], registers[REG_RSP],
            WITNESS_MARK);
}

__attribute__((constructor)) static void watch_for_faults(void)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    const stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    const struct sigaction action = {.sa_sigaction = tell,
                                     .sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND)};
    sigaltstack(&own, NULL);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigaction(faults[i], &action, NULL);
}
