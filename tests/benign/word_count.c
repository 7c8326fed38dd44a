// expect: success stdout="lines 2 words 6 characters 31"
// stdin: the quick brown fox\njumps over\n
#include <stdbool.h>
#include <stdio.h>

int main(void)
{
    int c, lines = 0, words = 0, characters = 0;
    bool inside = false;
    while ((c = getchar()) != EOF) {
        characters++;
        lines += c == '\n';
        bool space = c == ' ' || c == '\n' || c == '\t';
        words += !space && !inside;
        inside = !space;
    }
    printf("lines %d words %d characters %d\n", lines, words, characters);
    return 0;
}
