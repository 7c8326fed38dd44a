#include <stdlib.h>
#include "majority.h"

struct fann *majority_train(const char *data_name)
{
    struct fann_train_data *data = fann_read_train_from_file(data_name);
    if (!data)
        return NULL;
    struct fann *network = fann_create_standard(3, 5, 3, 1);
    fann_set_activation_function_hidden(network, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(network, FANN_SIGMOID_SYMMETRIC);
    srand(1);
    fann_randomize_weights(network, -0.5, 0.5);
    fann_train_on_data(network, data, 1000, 10, 0.001f);
    fann_destroy_train(data);
    return network;
}
