// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=madvise
// Pages that the host merges tell by the time of a write what is in the memory of others.
#include <stdio.h>
#include <sys/mman.h>

static char page[8192] __attribute__((aligned(4096)));

int main(void)
{
    long result = madvise(page, sizeof page, MADV_MERGEABLE);
    printf("ESCAPED %ld\n", result);
    return 0;
}
