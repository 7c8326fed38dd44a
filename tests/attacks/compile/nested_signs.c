// expect: compile_error rule=compiler-crash
// unvalidated: compile_error rule=compiler-crash
// Each sign is one more level of the parser's recursion, until the compiler's stack is used up.
#define A - - - - - - - -
#define B A A A A A A A A
#define C B B B B B B B B
#define D C C C C C C C C
#define E D D D D D D D D
int main(void) { return E E 1; }
