// expect: blocked rule=attribute
// unvalidated: compile_error
// An alias may only name what the same file defines.
int greet(const char *) __attribute__((alias("system")));

int main(void)
{
    return greet("echo ESCAPED");
}
