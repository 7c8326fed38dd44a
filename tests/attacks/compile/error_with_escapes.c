// expect: compile_error
// unvalidated: compile_error
// What gcc prints of the source must not drive a terminal.
#error "[2J]0;owned"

int main(void)
{
    return 0;
}
