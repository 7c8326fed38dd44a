// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mprotect
// Shell code's favourite place.
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    char here;
    void *page = (void *)((uintptr_t)&here & ~(uintptr_t)4095);
    if (mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0)
        puts("ESCAPED");
    return 0;
}
