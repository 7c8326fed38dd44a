// expect: blocked rule=dangerous-header
// unvalidated: runtime_error signal=SIGSEGV
// Makes the program's own code writable; it loses the right to run at the same moment.
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

static __attribute__((noinline)) void victim(void)
{
    puts("ESCAPED");
}

int main(void)
{
    void *page = (void *)((uintptr_t)victim & ~(uintptr_t)4095);
    if (mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0)
        victim();
    return 0;
}
