#include <stdio.h>
#include <stdlib.h>
#include <fann.h>

/* Learns when a number of three bits is odd in its count of ones, and saves what it learned.
   Keep parity.net in the project, make test.c the main file, and run again. */
int main(void)
{
    struct fann_train_data *data = fann_read_train_from_file("parity.data");
    if (!data)
        return 1;

    struct fann *network = fann_create_standard(3, 3, 6, 1);
    fann_set_activation_function_hidden(network, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(network, FANN_SIGMOID_SYMMETRIC);
    srand(1);
    fann_randomize_weights(network, -0.7, 0.7);
    fann_train_on_data(network, data, 2000, 10, 0.001f);

    if (fann_save(network, "parity.net") != 0)
        return 1;
    printf("Saved as parity.net.\n");

    fann_destroy_train(data);
    fann_destroy(network);
    return 0;
}
