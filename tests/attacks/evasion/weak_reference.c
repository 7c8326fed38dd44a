// expect: blocked rule=attribute
// unvalidated: blocked_syscall call=clone|clone3|vfork
// weakref binds a local name to another symbol, without any declaration of that one.
static int greet(const char *) __attribute__((weakref("system")));

int main(void)
{
    return greet ? greet("echo ESCAPED") : 0;
}
