// expect: compile_timeout|memory_limit
// unvalidated: compile_timeout|memory_limit
// A function of a hundred thousand branches, for the passes that are not linear.
#define C1(n) case n##0: case n##1: x += n##2; break; case n##3: x *= n##4; break;
#define C2(n) C1(n##1) C1(n##2) C1(n##3) C1(n##4) C1(n##5) C1(n##6) C1(n##7) C1(n##8) C1(n##9)
#define C3(n) C2(n##1) C2(n##2) C2(n##3) C2(n##4) C2(n##5) C2(n##6) C2(n##7) C2(n##8) C2(n##9)
#define C4(n) C3(n##1) C3(n##2) C3(n##3) C3(n##4) C3(n##5) C3(n##6) C3(n##7) C3(n##8) C3(n##9)

long f(long x)
{
    switch (x) {
        C4(1) C4(2) C4(3) C4(4) C4(5) C4(6) C4(7) C4(8) C4(9)
    }
    return x;
}

int main(void)
{
    return 0;
}
