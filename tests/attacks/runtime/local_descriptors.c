// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=modify_ldt
// Segments with 16-bit code, a frequent source of holes.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_modify_ldt, 0, (char[16]){0}, 16);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
