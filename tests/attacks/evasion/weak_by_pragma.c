// expect: blocked rule=pragma
// unvalidated: blocked_syscall call=clone
// Weak symbols need no definition, so a linker says nothing.
#pragma weak fork
int fork(void);
int puts(const char *);

int main(void)
{
    if (fork && fork() >= 0)
        puts("ESCAPED");
    return 0;
}
