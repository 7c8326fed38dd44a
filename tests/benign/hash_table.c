// expect: success stdout="the 3" stdout="fox 1"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *word;
    int count;
};
static struct entry table[64];

static struct entry *entry_of(const char *word)
{
    uint32_t hash = 2166136261u;
    for (const char *c = word; *c; c++)
        hash = (hash ^ (uint8_t)*c) * 16777619u;
    for (;; hash++) {
        struct entry *entry = &table[hash % 64];
        if (!entry->word)
            entry->word = strdup(word);
        if (!strcmp(entry->word, word))
            return entry;
    }
}

int main(void)
{
    char text[] = "the fox and the dog and the end";
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        entry_of(word)->count++;
    printf("the %d\nfox %d\n", entry_of("the")->count, entry_of("fox")->count);
    return 0;
}
