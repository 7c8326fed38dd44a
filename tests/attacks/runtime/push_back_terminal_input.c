// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=ioctl
// TIOCSTI types for the person: CVE-2017-5226.
#include <stdio.h>
#include <sys/ioctl.h>

int main(void)
{
    if (ioctl(0, TIOCSTI, "x") == 0)
        puts("ESCAPED");
    return 0;
}
