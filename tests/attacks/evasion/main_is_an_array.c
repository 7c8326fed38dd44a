// expect: compile_error
// unvalidated: compile_error
// main need not be a function; as data it must not be executable.
const char main[] = {0xb8, 57, 0, 0, 0, 0x0f, 5, 0xc3};
