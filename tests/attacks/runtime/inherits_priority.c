// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=futex
// A lock that passes priority on keeps lists in the kernel, and has been a way into it.
#include <linux/futex.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    static int lock;
    long result = syscall(SYS_futex, &lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0);
    printf("ESCAPED %ld\n", result);
    return 0;
}
