// expect: blocked rule=include-outside-project
// unvalidated: compile_error
// Up to the root and down again.
#include "../../../../../../etc/passwd"

int main(void)
{
    return 0;
}
