// expect: compile_error
// unvalidated: compile_error
// The second letter is Cyrillic: not the same name, for anybody.
#include <stdlib.h>

int main(void)
{
    return sуstem("echo ESCAPED");
}
