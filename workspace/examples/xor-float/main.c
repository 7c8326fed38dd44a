#include <stdio.h>
#include <stdlib.h>
#include <floatfann.h>

/* Learn XOR, the smallest problem that needs a hidden layer, in numbers of type float. */
int main(void)
{
    struct fann_train_data *data = fann_read_train_from_file("xor.data");
    if (!data)
        return 1;

    struct fann *network = fann_create_standard(3, 2, 4, 1);
    fann_set_activation_function_hidden(network, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(network, FANN_SIGMOID_SYMMETRIC);
    fann_set_training_algorithm(network, FANN_TRAIN_INCREMENTAL);
    fann_set_learning_rate(network, 0.2f);

    /* The same weights to begin with, every time. Leave it out, and each run differs. */
    srand(4);
    fann_randomize_weights(network, -0.7, 0.7);

    /* At most 3000 epochs, a report every 10, until the error is 0.001. */
    fann_train_on_data(network, data, 3000, 10, 0.001f);

    for (unsigned i = 0; i < fann_length_train_data(data); i++) {
        fann_type *input = data->input[i];
        printf("%2.0f xor %2.0f: %6.3f, should be %2.0f\n", (double)input[0], (double)input[1],
               (double)fann_run(network, input)[0], (double)data->output[i][0]);
    }
    printf("%s\n", fann_get_MSE(network) <= 0.001f ? "Learned." : "Not learned.");

    fann_destroy_train(data);
    fann_destroy(network);
    return 0;
}
