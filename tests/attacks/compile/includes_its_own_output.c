// expect: blocked rule=absolute-include
// unvalidated: compile_error|compile_timeout
// Reads what it writes.
#include "/dev/fd/1"
