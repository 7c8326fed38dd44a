// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mmap
// Executable now, filled later by some other way of writing.
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    if (mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        puts("ESCAPED");
    return 0;
}
