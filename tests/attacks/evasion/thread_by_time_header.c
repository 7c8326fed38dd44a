// expect: blocked
// unvalidated: blocked_syscall call=timer_create
// <time.h> declares a function that starts threads.
#define _GNU_SOURCE
#include <time.h>

int main(void)
{
    timer_t timer;
    return timer_create(CLOCK_REALTIME, 0, &timer);
}
