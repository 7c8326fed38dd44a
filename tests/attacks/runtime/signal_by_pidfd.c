// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=pidfd_send_signal
// A signal by another name.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_pidfd_send_signal, 0, 9, 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
