// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mprotect
// Two views of one shared page, one to write and one to run.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    unsigned char *view = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned char *twin = mremap(view, 0, 4096, MREMAP_MAYMOVE);
    if (mprotect(twin, 4096, PROT_READ | PROT_EXEC) == 0)
        puts("ESCAPED");
    return 0;
}
