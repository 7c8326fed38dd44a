#include <stdio.h>
#include <stdlib.h>
#include <floatfann.h>

/* Train in float, save for fixed point. Make this the main file to train anew, then keep
   xor_fixed.net and xor_fixed.data in the project. */
int main(void)
{
    struct fann_train_data *data = fann_read_train_from_file("xor.data");
    if (!data)
        return 1;

    struct fann *network = fann_create_standard(3, 2, 3, 1);
    /* Fixed point needs functions that can be reckoned in steps. */
    fann_set_activation_function_hidden(network, FANN_SIGMOID_SYMMETRIC_STEPWISE);
    fann_set_activation_function_output(network, FANN_SIGMOID_SYMMETRIC_STEPWISE);

    srand(2);
    fann_init_weights(network, data);
    fann_train_on_data(network, data, 3000, 10, 0.001f);

    /* The decimal point that the weights leave room for; the data has to have the same. */
    int decimal_point = fann_save_to_fixed(network, "xor_fixed.net");
    fann_save_train_to_fixed(data, "xor_fixed.data", (unsigned)decimal_point);
    printf("Saved with %d binary places.\n", decimal_point);

    fann_destroy_train(data);
    fann_destroy(network);
    return 0;
}
