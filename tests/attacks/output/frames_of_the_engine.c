// expect: success stdout=real
// unvalidated: success stdout=real
// The engine multiplexes streams with a header of eight bytes; an impossible length follows.
#include <stdio.h>

int main(void)
{
    fwrite("\1\0\0\0\377\377\377\377", 1, 8, stdout);
    fwrite("\2\0\0\0\0\0\0\5ESCAP", 1, 13, stdout);
    puts("\nreal");
    return 0;
}
