// expect: success stdout="5 60 7 1"
#include <math.h>
#include <stdio.h>
#include <time.h>

/* libc has these, too, and writes to its own. */
int daylight = 5;
long timezone = 60;
int signgam = 7;
int next_to_it[3] = {1, 2, 3};
int environ = 9;

int main(int count, char **words)
{
    (void)words;
    time_t now = 0;
    localtime(&now);
    if (lgamma(count - 1.5) > 2)
        return 1;
    printf("%d %ld %d %d\n", daylight, timezone, signgam, next_to_it[0]);
    return 0;
}
