// expect: success stdout=after
// unvalidated: success stdout=after
// Right-to-left override, zero width, line and paragraph separators, a byte order mark.
#include <stdio.h>

int main(void)
{
    puts("\xe2\x80\xae evil \xe2\x80\x8b\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf after");
    return 0;
}
