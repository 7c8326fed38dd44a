// expect: blocked rule=inline-assembly
// unvalidated: compile_error
// The assembler includes files as well.
__asm__(".include \"/dev/zero\"");

int main(void)
{
    return 0;
}
