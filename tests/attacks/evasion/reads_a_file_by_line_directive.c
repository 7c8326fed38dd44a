// expect: blocked rule=line-directive
// unvalidated: compile_error
// gcc shows the line that an error is in: of whichever file the source names.
#line 1 "/etc/passwd"
int main(void) { return ESCAPED_if_shown_with_root; }
