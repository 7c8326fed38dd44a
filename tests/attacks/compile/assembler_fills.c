// expect: blocked rule=inline-assembly
// unvalidated: compile_error
// One directive, four gigabytes.
__asm__(".data\n.fill 4000000000, 1, 7\n.text");

int main(void)
{
    return 0;
}
