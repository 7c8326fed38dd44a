// expect: blocked rule=inline-assembly
// unvalidated: blocked_syscall call=clone|clone3|vfork
// The name of the object's symbol, given by a string.
int greet(const char *) __asm__("sys" "tem");

int main(void)
{
    return greet("echo ESCAPED");
}
