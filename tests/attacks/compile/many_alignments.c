// expect: compile_error
// unvalidated: compile_error
// Each is small enough, together they are not.
#define P(n) _Alignas(1 << 20) char a##n = 1; _Alignas(1 << 20) char b##n = 1;
#define Q(n) P(n##0) P(n##1) P(n##2) P(n##3) P(n##4) P(n##5) P(n##6) P(n##7) P(n##8) P(n##9)
Q(0) Q(1) Q(2) Q(3) Q(4) Q(5) Q(6) Q(7) Q(8) Q(9)

int main(void)
{
    return 0;
}
