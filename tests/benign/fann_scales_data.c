// expect: success stdout="scaled to -1.00 and 1.00"
#include <stdio.h>
#include <fann.h>

int main(void)
{
    struct fann_train_data *data = fann_create_train(2, 1, 1);
    data->input[0][0] = 10, data->input[1][0] = 30;
    data->output[0][0] = 0, data->output[1][0] = 1;
    fann_scale_input_train_data(data, -1, 1);
    printf("scaled to %.2f and %.2f\n", data->input[0][0], data->input[1][0]);
    fann_shuffle_train_data(data);
    fann_destroy_train(data);
    return 0;
}
