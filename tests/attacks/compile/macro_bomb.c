// expect: memory_limit|compile_timeout
// unvalidated: memory_limit|compile_timeout
// A billion laughs: ten times ten times ten. Which limit comes first is the machine's doing.
#define A X X X X X X X X X X
#define B A A A A A A A A A A
#define C B B B B B B B B B B
#define D C C C C C C C C C C
#define E D D D D D D D D D D
#define F E E E E E E E E E E
#define G F F F F F F F F F F
#define H G G G G G G G G G G
#define X +1

long total = 0 H;

int main(void)
{
    return 0;
}
