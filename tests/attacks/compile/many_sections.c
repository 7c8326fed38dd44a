// expect: blocked rule=attribute
// unvalidated: success
// ELF counts sections in sixteen bits.
#define S(n) __attribute__((section(".s" #n))) char s##n = 1;
#define S1(n) S(n##0) S(n##1) S(n##2) S(n##3) S(n##4) S(n##5) S(n##6) S(n##7) S(n##8) S(n##9)
#define S2(n) S1(n##0) S1(n##1) S1(n##2) S1(n##3) S1(n##4) S1(n##5) S1(n##6) S1(n##7) S1(n##8) S1(n##9)
#define S3(n) S2(n##0) S2(n##1) S2(n##2) S2(n##3) S2(n##4) S2(n##5) S2(n##6) S2(n##7) S2(n##8) S2(n##9)
S3(1) S3(2) S3(3) S3(4) S3(5) S3(6) S3(7)

int main(void)
{
    return 0;
}
