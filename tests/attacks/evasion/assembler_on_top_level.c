// expect: blocked rule=inline-assembly
// unvalidated: blocked_syscall call=fork
// No function around it, and the keyword in its GNU spelling.
#include <stdio.h>

__asm("raw_fork: mov $57, %eax; syscall; ret");
int raw_fork(void);

int main(void)
{
    if (raw_fork() >= 0)
        puts("ESCAPED");
    return 0;
}
