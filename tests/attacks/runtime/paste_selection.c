// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=ioctl
// TIOCLINUX pastes, as TIOCSTI types.
#include <linux/tiocl.h>
#include <stdio.h>
#include <sys/ioctl.h>

int main(void)
{
    if (ioctl(0, TIOCLINUX, (char[]){TIOCL_PASTESEL}) == 0)
        puts("ESCAPED");
    return 0;
}
