// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clone|clone3
// One program, one thread.
#include <pthread.h>
#include <stdio.h>

static void *other(void *argument)
{
    puts("ESCAPED");
    return argument;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, other, NULL) == 0)
        pthread_join(thread, NULL);
    return 0;
}
