// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=sendfile
// Copies without read and write.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void)
{
    long result = sendfile(1, 0, 0, 16);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
