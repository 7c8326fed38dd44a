// expect: compile_error
// unvalidated: compile_error
// Errors without end; gcc stops after twenty.
#define E1 x1 = y1; x2 = y2; x3 = y3; x4 = y4; x5 = y5;
#define E2 E1 E1 E1 E1 E1 E1 E1 E1 E1 E1
#define E3 E2 E2 E2 E2 E2 E2 E2 E2 E2 E2
#define E4 E3 E3 E3 E3 E3 E3 E3 E3 E3 E3

int main(void)
{
    E4
    return 0;
}
