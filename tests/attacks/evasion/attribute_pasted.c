// expect: blocked
// unvalidated: blocked_syscall call=clone|clone3|vfork
// The attribute's keyword is made by the preprocessor; the symbol it needs is not.
#define JOIN(a, b) a##b
#define KEYWORD JOIN(__attri, bute__)

static int greet(const char *) KEYWORD((weakref("system")));

int main(void)
{
    return greet ? greet("echo ESCAPED") : 0;
}
