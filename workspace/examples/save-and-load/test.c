#include <stdio.h>
#include <fann.h>

/* Loads what train.c saved and tests it, without training. */
int main(void)
{
    struct fann *network = fann_create_from_file("parity.net");
    struct fann_train_data *data = fann_read_train_from_file("parity.data");
    if (!network || !data) {
        printf("There is no parity.net yet: run train.c first, and keep the file it writes.\n");
        return 1;
    }

    unsigned right = 0;
    for (unsigned i = 0; i < fann_length_train_data(data); i++) {
        fann_type *input = data->input[i];
        fann_type answer = fann_run(network, input)[0];
        printf("%d%d%d is %s\n", input[0] > 0, input[1] > 0, input[2] > 0,
               answer > 0 ? "odd" : "even");
        right += (answer > 0) == (data->output[i][0] > 0);
    }
    printf("%u of 8 right, from a network that was trained before.\n", right);

    fann_destroy_train(data);
    fann_destroy(network);
    return 0;
}
