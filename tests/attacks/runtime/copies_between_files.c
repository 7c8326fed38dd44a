// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=copy_file_range
// A copy that the kernel makes, past every read and write.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = copy_file_range(0, NULL, 1, NULL, 4096, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
