#include <stdio.h>
#include <math.h>
#include <fann.h>

int main(void)
{
    printf("Hello from the sandbox!\n");
    printf("The square root of 2 is %.6f.\n", sqrt(2.0));

    /* 2 inputs, 3 hidden neurons, 1 output: the smallest network that can learn XOR. */
    struct fann *network = fann_create_standard(3, 2, 3, 1);
    printf("A network with %u neurons and %u connections was made.\n",
           fann_get_total_neurons(network), fann_get_total_connections(network));
    fann_destroy(network);
    return 0;
}
