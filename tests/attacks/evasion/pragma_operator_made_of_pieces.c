// expect: blocked
// unvalidated: blocked_syscall call=clone|clone3|vfork
// Its text is made of a macro's argument.
#define DO(text) _Pragma(#text)
DO(redefine_extname greet system)
int greet(const char *);

int main(void)
{
    return greet("echo ESCAPED");
}
