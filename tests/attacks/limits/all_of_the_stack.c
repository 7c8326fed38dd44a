// expect: success stdout=contained
// unvalidated: success stdout=contained
// Seven of eight megabytes are fine.
#include <stdio.h>

static volatile unsigned long size = 7UL << 20;

int main(void)
{
    volatile char frame[size];
    for (unsigned long i = 0; i < size; i += 4096)
        frame[i] = 1;
    puts(frame[0] ? "contained" : "");
    return 0;
}
