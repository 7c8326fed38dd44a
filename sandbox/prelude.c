/* Linked into every program: its output arrives when a line is printed, also on a pipe. */
#include <stdio.h>

__attribute__((constructor)) static void line_buffer_output(void)
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}
