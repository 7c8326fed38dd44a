// expect: blocked
// unvalidated: success stdout=contained
// The operator's name comes from a macro.
#include <stdio.h>
#define ASK __has_include

int main(void)
{
#if ASK("/etc/passwd")
    puts("ESCAPED");
#endif
    puts("contained");
    return 0;
}
