// expect: timeout rule=timeout
// unvalidated: timeout rule=timeout
// Costs no processor, and yet a place in the queue.
#include <time.h>

int main(void)
{
    for (;;)
        nanosleep(&(struct timespec){1000, 0}, 0);
}
