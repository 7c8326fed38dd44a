// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=pkey_alloc
// Protection of memory that no filter sees change.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    long result = pkey_alloc(0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
