// expect: success stdout="[0, 1, 4, 9] 12 bytes"
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    for (int i = 0; i < 4; i++)
        fprintf(stream, "%s%d", i ? ", " : "[", i * i);
    fputc(']', stream);
    fclose(stream);
    printf("%s %zu bytes\n", text, size);
    free(text);
    return 0;
}
