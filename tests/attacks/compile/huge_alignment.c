// expect: compile_error
// unvalidated: compile_error
// Alignment is padding, and padding of data is in the file.
_Alignas(1 << 28) int far = 1;

int main(void)
{
    return far - 1;
}
