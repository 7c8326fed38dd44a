/* Reads and writes beside itself; menus and messages have slashes and dots. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FOLDER "./data"
#define NAME FOLDER "/" "out.txt"

int main(int argc, char **argv)
{
    const char *help = "/help  /quit  /system  50% of /dev is text";
    FILE *out = fopen(argc > 1 ? argv[1] : NAME, "w");
    if (out == NULL) {
        fprintf(stderr, "%s: %s (../.. is not a path)\n", NAME, strerror(errno));
        return 1;
    }
    fprintf(out, "%s and/or %d/%d\n", help, 1, 2);
    return fclose(out);
}
