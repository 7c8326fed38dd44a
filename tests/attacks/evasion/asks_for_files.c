// expect: blocked rule=has-include
// unvalidated: compile_error
// An oracle for the files of the machine.
#include <stdio.h>

int main(void)
{
#if __has_include("/etc/passwd") || __has_include("/proc/version") || __has_include("/supervisor")
    puts("ESCAPED");
#endif
    puts("contained");
    return 0;
}
