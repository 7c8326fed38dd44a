// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mknodat
// The memory device, by number.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    long result = mknod("mem", S_IFCHR | 0666, 0x101);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
