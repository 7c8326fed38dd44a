#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <fann.h>

enum { POINTS = 80, ROUNDS = 60, EPOCHS_PER_ROUND = 50 };

static double wanted(double x)
{
    return 0.6 * sin(3 * x) + 0.3 * cos(7 * x);
}

static double place(unsigned number)
{
    return -1 + 2.0 * number / (POINTS - 1);
}

static void point(unsigned number, unsigned inputs, unsigned outputs, fann_type *input,
                  fann_type *output)
{
    (void)inputs, (void)outputs;
    input[0] = (fann_type)place(number);
    output[0] = (fann_type)wanted(place(number));
}

/* A line that begins with #plot is drawn as well: #plot name x y. */
int main(void)
{
    struct fann_train_data *data = fann_create_train_from_callback(POINTS, 1, 1, point);
    struct fann *network = fann_create_standard(4, 1, 12, 8, 1);
    fann_set_activation_function_hidden(network, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(network, FANN_LINEAR);
    srand(5);
    fann_randomize_weights(network, -1, 1);

    double error = 1;
    for (int round = 1; round <= ROUNDS && error > 0.0002; round++) {
        for (int epoch = 0; epoch < EPOCHS_PER_ROUND; epoch++)
            error = fann_train_epoch(network, data);
        printf("#plot error %d %g\n", round * EPOCHS_PER_ROUND, error);
    }

    for (unsigned i = 0; i < POINTS; i++) {
        fann_type x = (fann_type)place(i);
        printf("#plot wanted %.4f %.4f\n", place(i), wanted(place(i)));
        printf("#plot network %.4f %.4f\n", place(i), (double)fann_run(network, &x)[0]);
    }
    printf("The curves %s.\n", error < 0.005 ? "lie on each other" : "differ");

    fann_destroy_train(data);
    fann_destroy(network);
    return 0;
}
