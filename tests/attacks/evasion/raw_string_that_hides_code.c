// expect: blocked rule=raw-string
// gnu17 knows C++'s raw strings, where a quote does not end the text.
#include <stdlib.h>

const char *text = R"x(" /* )x";

int main(void)
{
    return system("echo ESCAPED"); /* */
}
