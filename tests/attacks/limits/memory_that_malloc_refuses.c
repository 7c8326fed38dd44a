// expect: runtime_error exit=3
// unvalidated: runtime_error exit=3
// malloc says no; that is the program's own end and no limit of ours.
#include <stdlib.h>

int main(void)
{
    volatile size_t size = (size_t)1 << 50;
    void *volatile block = malloc(size);
    return block ? 0 : 3;
}
