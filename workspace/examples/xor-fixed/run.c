#include <stdio.h>
#include <fixedfann.h>

/* Run a trained network in whole numbers only, as on a processor without floating point. */
int main(void)
{
    struct fann *network = fann_create_from_file("xor_fixed.net");
    struct fann_train_data *data = fann_read_train_from_file("xor_fixed.data");
    if (!network || !data) {
        printf("Run train.c first, and keep the two files that it writes.\n");
        return 1;
    }

    int one = (int)fann_get_multiplier(network);
    printf("1.0 is the whole number %d here.\n", one);

    int right = 0;
    for (unsigned i = 0; i < fann_length_train_data(data); i++) {
        fann_type answer = fann_run(network, data->input[i])[0];
        fann_type wanted = data->output[i][0];
        printf("%2d xor %2d: %6d, should be %6d\n", data->input[i][0] / one,
               data->input[i][1] / one, answer, wanted);
        right += (answer > 0) == (wanted > 0);
    }
    printf("%d of 4 right.\n", right);

    fann_destroy_train(data);
    fann_destroy(network);
    return 0;
}
