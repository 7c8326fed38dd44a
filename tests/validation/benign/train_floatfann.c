/* Trains XOR with floatfann.h; no system() call, no fork(). */
#include <stdio.h>
#include "floatfann.h"

int main(void)
{
    struct fann *ann = fann_create_standard(3, 2, 3, 1);
    if (ann == NULL)
        return 1;
    printf("%u inputs, decimal type of %zu bytes\n", fann_get_num_input(ann), sizeof(fann_type));
    fann_destroy(ann);
    return 0;
}
