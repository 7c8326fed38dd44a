// expect: output_limit signal=SIGXFSZ
// unvalidated: output_limit signal=SIGXFSZ
// A file with a hole in it is large without taking room.
#include <stdio.h>

int main(void)
{
    FILE *file = fopen("sparse", "w");
    fseek(file, 1L << 40, SEEK_SET);
    fputc('x', file);
    fflush(file);
    puts("ESCAPED");
    return 0;
}
