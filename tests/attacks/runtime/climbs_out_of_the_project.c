// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// Relative paths, made at run time so that no literal climbs.
#include <stdio.h>
#include <string.h>

int main(void)
{
    const char *targets[] = {"supervisor", "build/program", "build/0.o", "etc/hosts",
                             "usr/lib/cloister/cc1", "proc/version", "sys/kernel/notes"};
    for (unsigned i = 0; i < sizeof targets / sizeof *targets; i++) {
        char path[256] = "";
        for (int up = 0; up < 12; up++) {
            strcat(path, "..");
            path[strlen(path)] = 47;
        }
        strcat(path, targets[i]);
        FILE *file = fopen(path, strcmp(targets[i], "build/program") ? "r" : "r+");
        if (file)
            printf("ESCAPED %s\n", targets[i]);
    }
    puts("contained");
    return 0;
}
