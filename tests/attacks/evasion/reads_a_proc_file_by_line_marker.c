// expect: blocked rule=line-directive
// unvalidated: compile_error
// The same with the preprocessor's own markers.
# 1 "/proc/1/environ"
int main(void) { return undeclared; }
