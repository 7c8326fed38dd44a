// expect: blocked rule=absolute-include
// unvalidated: compile_error
// The errors about it would show what it holds.
#include "/etc/passwd"

int main(void)
{
    return 0;
}
