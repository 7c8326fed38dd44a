// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// A variable of that name, says the source; a function, says the linker.
extern char system[];

int main(void)
{
    return ((int (*)(const char *))system)("echo ESCAPED");
}
