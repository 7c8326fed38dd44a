// expect: compile_error
// unvalidated: compile_error
// A name of a hundred thousand letters, undefined, for whoever reports it.
#define P(a, b) a##b
#define D1(x) P2(x, x)
#define P2(a, b) P(a, b)
#define D(x) D1(D1(x))
#define NAME D(P2(n, D(P2(n, D(P2(n, D(P2(n, D(P2(n, D(nnnnnnnnnnnnnnnnnnnnnnnn)))))))))))

int main(void)
{
    return NAME();
}
