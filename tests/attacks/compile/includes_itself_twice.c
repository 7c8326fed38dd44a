// expect: compile_error
// unvalidated: compile_error
// 2 to the power of 200 inclusions, were it not for the first 200.
#include "main.c"
#include "main.c"
