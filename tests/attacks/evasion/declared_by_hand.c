// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone
// No header, so no header for a policy to refuse.
extern int fork(void);
extern int puts(const char *);

int main(void)
{
    if (fork() >= 0)
        puts("ESCAPED");
    return 0;
}
