// expect: success stdout=root
// unvalidated: success stdout=root
// For logs that are read by line.
#include <stdio.h>

int main(void)
{
    puts("\r\n2026-01-01 00:00:00 INFO login of root\r\n\rroot\b\b\b\b");
    return 0;
}
