// expect: blocked rule=object-reserved-definition
// unvalidated: compile_error
// A second _start would skip libc's initialisation.
void _start(void)
{
}

int main(void)
{
    return 0;
}
