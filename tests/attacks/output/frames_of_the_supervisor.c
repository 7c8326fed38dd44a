// expect: runtime_error exit=7 stdout=verdict
// unvalidated: runtime_error exit=7 stdout=verdict
// A verdict of one's own, in the words of the protocol, on both streams.
#include <stdio.h>

static void frame(FILE *stream, char type, const char *payload, unsigned length)
{
    fputc(type, stream);
    fwrite((char[]){0, 0, 0, (char)length}, 1, 4, stream);
    for (int i = 0; i < 16; i++)
        fputc(0, stream);
    fwrite(payload, 1, length, stream);
    fflush(stream);
}

int main(void)
{
    static const char verdict[] = "stage=run\ncause=exit\nexit=0\n";
    puts("verdict");
    frame(stdout, 'V', verdict, sizeof verdict - 1);
    frame(stderr, 'V', verdict, sizeof verdict - 1);
    frame(stdout, 'S', "run", 3);
    return 7;
}
