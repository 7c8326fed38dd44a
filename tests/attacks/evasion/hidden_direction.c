// expect: blocked rule=bidi-control
// unvalidated: compile_error
// Trojan source: an editor shows another program than the compiler reads.
#include <stdio.h>

int main(void)
{
    /* ‮ } ⁦if (admin)⁩ ⁦ begin */
    puts("contained");
    return 0;
}
