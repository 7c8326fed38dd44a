// expect: compile_error rule=compiler-crash
// unvalidated: compile_error rule=compiler-crash
// Recursion in the parser: gcc's own stack is limited as well.
#define P1 ((((((((((
#define P2 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1
#define P3 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2
#define P4 P3 P3 P3 P3 P3 P3 P3 P3 P3 P3
#define P5 P4 P4 P4 P4 P4 P4 P4 P4 P4 P4

int main(void)
{
    return P5 1;
}
