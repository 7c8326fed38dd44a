// expect: compile_error compiler="nested depth"
// unvalidated: compile_error compiler="nested depth"
// 200 levels deep, then gcc gives up.
#include "main.c"

int main(void)
{
    return 0;
}
