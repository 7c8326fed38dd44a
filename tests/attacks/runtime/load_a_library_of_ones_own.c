// expect: blocked rule=dangerous-header
// unvalidated: success stdout=contained
// What dlopen can reach is what Landlock and noexec leave of the file system.
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    FILE *copy = fopen("evil.so", "w"), *self = fopen("/build/program", "r");
    for (int c; self && (c = getc(self)) != EOF;)
        putc(c, copy);
    fclose(copy);
    puts(dlopen("./evil.so", RTLD_NOW) || dlopen("/usr/lib/libgmp.so.10", RTLD_NOW) ? "ESCAPED"
                                                                                    : "contained");
    return 0;
}
