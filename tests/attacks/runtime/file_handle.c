// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=name_to_handle_at
// The first half of the Shocker escape.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_name_to_handle_at, -100, "/work", (int[34]){128, 0}, &(int){0}, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
