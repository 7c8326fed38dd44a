// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=ioctl
// The kernel drops the upper half of the request; a 64-bit comparison would not: CVE-2019-10063.
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    if (syscall(SYS_ioctl, 0, 0x100000000L | TIOCSTI, "x") == 0)
        puts("ESCAPED");
    return 0;
}
