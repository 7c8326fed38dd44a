// expect: blocked rule=pragma
// unvalidated: blocked_syscall call=clone|clone3|vfork
// Solaris left this pragma behind.
#pragma redefine_extname greet system
int greet(const char *);

int main(void)
{
    return greet("echo ESCAPED");
}
