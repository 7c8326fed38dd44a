// expect: success
// unvalidated: success
// Functions that gcc would have to run to know their value.
static inline __attribute__((const)) unsigned long f(unsigned long n)
{
    return n < 2 ? n : f(n - 1) + f(n - 2);
}

unsigned long values[2];

int main(void)
{
    values[0] = __builtin_constant_p(f(90)) ? f(90) : 0;
    return 0;
}
