// expect: blocked rule=link-symbol
// unvalidated: blocked_syscall call=getcwd
// fopen's ccs= loads a shared object that the environment points to.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    FILE *list = fopen("gconv-modules", "w");
    fputs("module EVIL// INTERNAL ./evil 1\nmodule INTERNAL EVIL// ./evil 1\n", list);
    fclose(list);
    setenv("GCONV_PATH", ".", 1);
    puts(fopen("main.c", "r,ccs=EVIL") ? "ESCAPED" : "contained");
    return 0;
}
