// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=move_pages
// Pages of another process, moved while it runs.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_move_pages, 1, 1L, &(void *){NULL}, NULL, &(int){0}, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
