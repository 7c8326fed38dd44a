// expect: blocked rule=attribute
// unvalidated: blocked_syscall call=clone
// The same without the attribute's name.
#include <stdio.h>
#include <unistd.h>

static void early(void)
{
    if (fork() >= 0)
        puts("ESCAPED");
}

__attribute__((section(".init_array"), used)) static void (*entry)(void) = early;

int main(void)
{
    return 0;
}
