// expect: memory_limit rule=memory-limit
// unvalidated: memory_limit rule=memory-limit
// A literal that doubles thirty times.
#define S0 "0123456789abcdef"
#define S1 S0 S0 S0 S0 S0 S0 S0 S0
#define S2 S1 S1 S1 S1 S1 S1 S1 S1
#define S3 S2 S2 S2 S2 S2 S2 S2 S2
#define S4 S3 S3 S3 S3 S3 S3 S3 S3
#define S5 S4 S4 S4 S4 S4 S4 S4 S4
#define S6 S5 S5 S5 S5 S5 S5 S5 S5
#define S7 S6 S6 S6 S6 S6 S6 S6 S6
#define S8 S7 S7 S7 S7 S7 S7 S7 S7

const char text[] = S8;

int main(void)
{
    return text[0];
}
