// expect: success stdout="78498 primes, the last one is 999983"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    enum { END = 1000000 };
    bool *composite = calloc(END + 1, sizeof *composite);
    int count = 0, last = 0;
    for (long i = 2; i <= END; i++) {
        if (composite[i])
            continue;
        count++;
        last = (int)i;
        for (long j = i * i; j <= END; j += i)
            composite[j] = true;
    }
    printf("%d primes, the last one is %d\n", count, last);
    free(composite);
    return 0;
}
