// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=pkey_mprotect
// mprotect by another name.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    void *code = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (syscall(SYS_pkey_mprotect, code, 4096, PROT_READ | PROT_EXEC, -1) == 0)
        puts("ESCAPED");
    return 0;
}
