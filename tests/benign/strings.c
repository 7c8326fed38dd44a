// expect: success stdout="hello world 11 WORLD dlrow olleh"
#include <stdio.h>
#include <string.h>

int main(void)
{
    char text[32] = "hello", upper[16] = "", turned[32] = "";
    strcat(text, " ");
    strncat(text, "world!!!", 5);
    const char *word = strchr(text, 'w');
    for (size_t i = 0; i < strlen(word); i++)
        upper[i] = (char)(word[i] - 'a' + 'A');
    for (size_t i = 0, n = strlen(text); i < n; i++)
        turned[i] = text[n - 1 - i];
    printf("%s %zu %s %s\n", text, strlen(text), upper, turned);
    return strcmp(text, "hello world") || !strstr(text, "lo w") || memcmp(text, "hell", 4);
}
