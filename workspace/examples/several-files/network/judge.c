#include "majority.h"

double majority_share_right(struct fann *network, const char *data_name)
{
    struct fann_train_data *data = fann_read_train_from_file(data_name);
    if (!data)
        return 0;
    unsigned right = 0, all = fann_length_train_data(data);
    for (unsigned i = 0; i < all; i++)
        right += (fann_run(network, data->input[i])[0] > 0) == (data->output[i][0] > 0);
    fann_destroy_train(data);
    return (double)right / all;
}
