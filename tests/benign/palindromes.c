// expect: success stdout="level: yes" stdout="sandbox: no"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_palindrome(const char *word)
{
    for (size_t i = 0, j = strlen(word); i < j; i++)
        if (word[i] != word[--j])
            return false;
    return true;
}

int main(void)
{
    const char *words[] = {"level", "sandbox", "rotor"};
    for (int i = 0; i < 3; i++)
        printf("%s: %s\n", words[i], is_palindrome(words[i]) ? "yes" : "no");
    return 0;
}
