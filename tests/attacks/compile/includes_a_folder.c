// expect: blocked
// unvalidated: compile_error
// A folder is no header.
#include <.>

int main(void)
{
    return 0;
}
