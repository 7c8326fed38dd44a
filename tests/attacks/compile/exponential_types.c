// expect: compile_error compiler="too large"
// unvalidated: compile_error compiler="too large"
// A structure that contains itself ten times, thirty times over: 10 to the power of 30 bytes.
#define T(n, m) struct s##n { struct s##m a, b, c, d, e, f, g, h, i, j; };
struct s0 { char c; };
T(1, 0) T(2, 1) T(3, 2) T(4, 3) T(5, 4) T(6, 5) T(7, 6) T(8, 7) T(9, 8) T(10, 9)
T(11, 10) T(12, 11) T(13, 12) T(14, 13) T(15, 14) T(16, 15) T(17, 16) T(18, 17) T(19, 18)
T(20, 19) T(21, 20)

struct s21 big;

int main(void)
{
    return 0;
}
