#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Type your guesses into the terminal. Ctrl-D gives up, Ctrl-C interrupts. */
int main(void)
{
    char name[40];
    printf("What is your name? ");
    if (scanf("%39s", name) != 1)
        return 1;

    srand((unsigned)time(NULL));
    int secret = rand() % 100 + 1;
    printf("Hello, %s. I think of a number from 1 to 100.\n", name);

    for (int tries = 1;; tries++) {
        int guess;
        printf("Your guess: ");
        int read = scanf("%d", &guess);
        if (read == EOF) {
            printf("\nIt was %d. Goodbye, %s.\n", secret, name);
            return 0;
        }
        if (read == 0) {
            printf("That is no number.\n");
            scanf("%*s");
            tries--;
        } else if (guess == secret) {
            printf("Right, after %d %s!\n", tries, tries == 1 ? "guess" : "guesses");
            return 0;
        } else {
            printf("%s\n", guess < secret ? "Too small." : "Too large.");
        }
    }
}
