// expect: blocked rule=inline-assembly
// unvalidated: compile_error
// .org moves the position; what is skipped is in the file.
__asm__(".data\n.org 2000000000\n.byte 1\n.text");

int main(void)
{
    return 0;
}
