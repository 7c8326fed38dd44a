// expect: blocked rule=dangerous-header
// unvalidated: success stdout=contained
// Standard input is a one-way pipe; the other direction would reach the supervisor.
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    puts(write(0, "V\0\0\0\0", 5) >= 0 ? "ESCAPED" : "contained");
    return 0;
}
