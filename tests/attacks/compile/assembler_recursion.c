// expect: blocked rule=inline-assembly
// unvalidated: compile_error compiler="nested too deeply"
// An assembler macro that calls itself.
__asm__(".macro again\nagain\nagain\n.endm\nagain");

int main(void)
{
    return 0;
}
