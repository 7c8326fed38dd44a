// expect: runtime_error exit=1 stderr="could not open missing.txt: No such file or directory"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    FILE *file = fopen("missing.txt", "r");
    if (file == NULL) {
        fprintf(stderr, "could not open missing.txt: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
