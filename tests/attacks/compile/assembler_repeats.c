// expect: blocked rule=inline-assembly
// unvalidated: memory_limit
// gvisor: compile_error compiler="out of memory"
// The assembler has loops.
__asm__(".rept 1000000000\nnop\n.endr");

int main(void)
{
    return 0;
}
