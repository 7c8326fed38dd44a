// expect: blocked rule=system-path
// unvalidated: success stdout=contained rule=blocked-path
// Octal, hexadecimal and spliced characters.
#include <stdio.h>

int main(void)
{
    puts(fopen("\57\x70r\
o\143/version", "r") ? "ESCAPED" : "contained");
    return 0;
}
