// expect: blocked rule=absolute-include
// unvalidated: compile_error
// Waits for somebody to type.
#include "/dev/tty"
