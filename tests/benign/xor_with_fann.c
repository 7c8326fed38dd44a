// expect: success stdout="Epochs" stdout="learned"
#include <stdio.h>
#include "fann.h"

static const fann_type inputs[4][2] = {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}};

static void fill(unsigned number, unsigned input_count, unsigned output_count, fann_type *input,
                 fann_type *output)
{
    (void)input_count, (void)output_count;
    input[0] = inputs[number][0];
    input[1] = inputs[number][1];
    output[0] = input[0] == input[1] ? -1 : 1;
}

int main(void)
{
    struct fann_train_data *data = fann_create_train_from_callback(4, 2, 1, fill);
    struct fann *ann = fann_create_standard(3, 2, 4, 1);
    fann_set_activation_function_hidden(ann, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(ann, FANN_SIGMOID_SYMMETRIC);
    for (int attempt = 0; attempt < 20; attempt++) {
        fann_randomize_weights(ann, -1, 1);
        fann_train_on_data(ann, data, 2000, 1000, (float)0.001);
        if (fann_get_MSE(ann) <= 0.01f)
            break;
    }
    puts(fann_get_MSE(ann) <= 0.01f ? "learned" : "not learned");
    fann_destroy_train(data);
    fann_destroy(ann);
    return 0;
}
