// expect: compile_timeout rule=compile-timeout
// unvalidated: compile_timeout rule=compile-timeout
// Much work for the optimiser from little source.
#define S1(n) if (v[n & 255] > n) { v[(n * 7) & 255] ^= v[(n * 3) & 255] * n; goto l##n; } l##n: v[n & 255]++;
#define S2(n) S1(n##0) S1(n##1) S1(n##2) S1(n##3) S1(n##4) S1(n##5) S1(n##6) S1(n##7) S1(n##8) S1(n##9)
#define S3(n) S2(n##0) S2(n##1) S2(n##2) S2(n##3) S2(n##4) S2(n##5) S2(n##6) S2(n##7) S2(n##8) S2(n##9)
#define S4(n) S3(n##0) S3(n##1) S3(n##2) S3(n##3) S3(n##4) S3(n##5) S3(n##6) S3(n##7) S3(n##8) S3(n##9)

volatile int sink;
static int v[256];

int main(void)
{
    S4(1) S4(2) S4(3) S4(4) S4(5)
    return sink = v[3];
}
