// expect: success stdout="Ada Grace Linus"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct record {
    char name[32];
    double values[512];
};

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct record *)left)->name, ((const struct record *)right)->name);
}

int main(void)
{
    enum { COUNT = 3000 };
    struct record *records = calloc(COUNT, sizeof *records);
    for (int i = 0; i < COUNT; i++)
        snprintf(records[i].name, sizeof records[i].name, "zz%05d", (i * 7919) % COUNT);
    strcpy(records[17].name, "Linus");
    strcpy(records[2000].name, "Ada");
    strcpy(records[999].name, "Grace");
    qsort(records, COUNT, sizeof *records, by_name);
    printf("%s %s %s\n", records[0].name, records[1].name, records[2].name);
    free(records);
    return 0;
}
