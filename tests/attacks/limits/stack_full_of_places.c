// expect: blocked rule=dangerous-header
// unvalidated: success stdout=contained
// A fault on a stack full of addresses that are of no line: each is looked up in a long table.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

__asm__(".text\n.rept 20000\n.loc 1 1\nnop\n.loc 1 5\nnop\n.endr\n");
extern char _start[];
static unsigned long stack[2048];

int main(void)
{
    sigset_t faults;
    sigemptyset(&faults);
    sigaddset(&faults, SIGSEGV);
    sigprocmask(SIG_BLOCK, &faults, NULL);
    for (int i = 0; i < 2048; i++)
        stack[i] = (unsigned long)_start + 8;
    /* as witness.c tells of a fault */
    for (int i = 0; i < 30; i++)
        syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), SIGSEGV, 0L, stack, 0x6661756c74L);
    puts("contained");
    return 0;
}
