// expect: runtime_error signal=SIGABRT
// unvalidated: runtime_error signal=SIGABRT
// As process 1 it would not even die of this.
#include <stdlib.h>

int main(void)
{
    abort();
}
