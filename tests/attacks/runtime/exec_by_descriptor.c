// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=execveat
// exec without a path.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_execveat, open("/build/program", O_RDONLY), "", (char *[]){"x", 0}, (char *[]){0}, 0x1000);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
