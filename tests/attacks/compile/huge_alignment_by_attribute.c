// expect: blocked rule=attribute
// unvalidated: compile_error
// The same by GNU C's attribute.
__attribute__((aligned(1 << 28))) int far = 1;

int main(void)
{
    return far - 1;
}
