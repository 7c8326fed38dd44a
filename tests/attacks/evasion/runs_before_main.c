// expect: blocked rule=attribute
// unvalidated: blocked_syscall call=clone
// Before main, where a filter that main installs would not be yet.
#include <stdio.h>
#include <unistd.h>

static __attribute__((constructor(101))) void early(void)
{
    if (fork() >= 0)
        puts("ESCAPED");
}

int main(void)
{
    return 0;
}
