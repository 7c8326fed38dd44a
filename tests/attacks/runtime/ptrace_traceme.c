// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=ptrace
// A traced process escapes some seccomp actions.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(void)
{
    long result = ptrace(PTRACE_TRACEME, 0, 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
