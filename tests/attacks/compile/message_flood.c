// expect: success stdout=contained
// unvalidated: success stdout=contained
// Notes are no errors: megabytes of them, and the program compiles.
#include <stdio.h>
#define M _Pragma("message \"0123456789012345678901234567890123456789012345678901234567890123456789\"")
#define M1 M M M M M M M M M M
#define M2 M1 M1 M1 M1 M1 M1 M1 M1 M1 M1
#define M3 M2 M2 M2 M2 M2 M2 M2 M2 M2 M2

M3

int main(void)
{
    puts("contained");
    return 0;
}
