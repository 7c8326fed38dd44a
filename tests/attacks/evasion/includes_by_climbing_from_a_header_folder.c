// expect: blocked
// unvalidated: compile_error
// The private include tree is a place to climb from.
#include <../../../../../../etc/passwd>

int main(void)
{
    return 0;
}
