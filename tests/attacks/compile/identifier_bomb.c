// expect: compile_error
// unvalidated: compile_error
// One identifier that grows by doubling; gcc quotes it in full in each of its messages.
#define J2(a, b) a##b
#define J(a, b) J2(a, b)
#define D1(x) J(x, x)
#define D2(x) D1(D1(x))
#define TEN(x) D2(D2(x))

int main(void)
{
    return J(J(TEN(abcdefgh), TEN(abcdefgh)), J(TEN(ijklmnop), TEN(ijklmnop)));
}
