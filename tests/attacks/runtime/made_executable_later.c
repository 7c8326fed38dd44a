// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mprotect
// Write first, then turn write into execute: W^X per moment is not enough.
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    void *code = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mprotect(code, 4096, PROT_READ | PROT_EXEC) == 0)
        puts("ESCAPED");
    return 0;
}
