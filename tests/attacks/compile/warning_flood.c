// expect: compile_error
// unvalidated: compile_error
// Warnings are errors here, so twenty are enough.
#define W(n) static int f##n(void) { int unused; }
#define W1(n) W(n##0) W(n##1) W(n##2) W(n##3) W(n##4) W(n##5) W(n##6) W(n##7) W(n##8) W(n##9)
#define W2(n) W1(n##0) W1(n##1) W1(n##2) W1(n##3) W1(n##4) W1(n##5) W1(n##6) W1(n##7) W1(n##8)
W2(1) W2(2) W2(3) W2(4)

int main(void)
{
    return 0;
}
