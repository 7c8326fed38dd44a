// expect: success stdout="=1+1"
// For the export that a spreadsheet opens.
#include <stdio.h>

int main(void)
{
    puts("=1+1\n+1\n-1\n@SUM(A1)\n=cmd|'/C calc'!A0");
    return 0;
}
