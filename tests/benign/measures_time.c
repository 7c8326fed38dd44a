// expect: success stdout="time passed"
#include <stdio.h>
#include <time.h>

int main(void)
{
    struct timespec before, after;
    clock_t begin = clock();
    clock_gettime(CLOCK_MONOTONIC, &before);
    nanosleep(&(struct timespec){0, 20000000}, NULL);
    volatile double sum = 0;
    for (int i = 1; i < 10000000; i++)
        sum += 1.0 / i;
    clock_gettime(CLOCK_MONOTONIC, &after);
    double seconds = (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
    puts(seconds > 0.02 && clock() > begin ? "time passed" : "time stood still");
    return 0;
}
