// expect: blocked rule=absolute-include
// unvalidated: compile_error
// Waits for input that never comes.
#include "/proc/self/fd/0"
