// expect: success stdout="\ufffd(\n"
// Overlong, surrogate, cut off and too large.
#include <stdio.h>

int main(void)
{
    fputs("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82 \xff\n\xc3(\n", stdout);
    return 0;
}
