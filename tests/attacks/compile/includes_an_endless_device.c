// expect: blocked rule=absolute-include
// unvalidated: compile_error
// Reads zeros until memory is full.
#include "/dev/zero"
