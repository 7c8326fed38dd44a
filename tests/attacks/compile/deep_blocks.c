// expect: compile_error rule=compiler-crash
// unvalidated: compile_error rule=compiler-crash
// The same with braces.
#define P1 {{{{{{{{{{
#define P2 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1
#define P3 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2
#define P4 P3 P3 P3 P3 P3 P3 P3 P3 P3 P3
#define P5 P4 P4 P4 P4 P4 P4 P4 P4 P4 P4

int main(void)
P5
