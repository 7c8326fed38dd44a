// expect: success stdout="cascade done"
#include <stdio.h>
#include "fann.h"

int main(void)
{
    struct fann_train_data *data = fann_create_train(8, 3, 1);
    for (unsigned i = 0; i < 8; i++) {
        unsigned ones = 0;
        for (unsigned bit = 0; bit < 3; bit++) {
            ones += i >> bit & 1;
            data->input[i][bit] = i >> bit & 1 ? 1 : -1;
        }
        data->output[i][0] = ones % 2 ? 1 : -1;
    }
    struct fann *ann = fann_create_shortcut(2, 3, 1);
    fann_set_training_algorithm(ann, FANN_TRAIN_RPROP);
    fann_set_activation_function_output(ann, FANN_SIGMOID_SYMMETRIC);
    fann_cascadetrain_on_data(ann, data, 5, 1, 0.001f);
    fann_print_connections(ann);
    puts("cascade done");
    fann_destroy_train(data);
    fann_destroy(ann);
    return 0;
}
