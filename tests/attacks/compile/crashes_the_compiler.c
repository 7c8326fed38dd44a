// expect: compile_error
// unvalidated: compile_error
// Nonsense of the kind that fuzzers find; whatever gcc makes of it is an error and no more.
int main(void) { struct { int a[sizeof(struct { int b[({ main; })]; })]; } *p = &(typeof(p)){ 0 }->a[({ goto *p; 1; })]; }
