// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mmap
// Memory for machine code made at run time.
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void)
{
    unsigned char *code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code != MAP_FAILED)
        puts("ESCAPED");
    return 0;
}
