// expect: success stdout="found in 4 tries"
// stdin: 50\n25\n37\n42\n
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(void)
{
    srand((unsigned)time(NULL));
    int secret = 42 + rand() % 1, guess, tries = 0;
    do {
        if (scanf("%d", &guess) != 1)
            return 1;
        tries++;
        puts(guess < secret ? "higher" : guess > secret ? "lower" : "right");
    } while (guess != secret);
    printf("found in %d tries\n", tries);
    return 0;
}
