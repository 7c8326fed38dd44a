#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <fann.h>

enum { POINTS = 120 };

/* Two spirals that wind around each other; which one is a point on? */
static void point(unsigned number, unsigned inputs, unsigned outputs, fann_type *input,
                  fann_type *output)
{
    (void)inputs, (void)outputs;
    double turn = 0.6 + 8.0 * (number / 2) / (POINTS / 2.0);
    double side = number % 2 ? 1 : -1;
    input[0] = (fann_type)(side * turn / 9 * cos(turn));
    input[1] = (fann_type)(side * turn / 9 * sin(turn));
    output[0] = (fann_type)side;
}

/* Cascade training begins without a hidden layer and adds one neuron after the other. */
int main(void)
{
    struct fann_train_data *data = fann_create_train_from_callback(POINTS, 2, 1, point);
    struct fann *network = fann_create_shortcut(2, 2, 1);
    fann_set_training_algorithm(network, FANN_TRAIN_RPROP);
    fann_set_activation_function_output(network, FANN_SIGMOID_SYMMETRIC);
    /* Half of the distance from -1 to 1, as FANN counts it: a point on the wrong side fails. */
    fann_set_bit_fail_limit(network, 0.5f);
    fann_set_train_stop_function(network, FANN_STOPFUNC_BIT);
    srand(3);

    /* At most 25 neurons, a report for each, until no point is on the wrong side. */
    fann_cascadetrain_on_data(network, data, 25, 1, 0);

    fann_print_connections(network);
    fann_reset_MSE(network);
    fann_test_data(network, data);
    unsigned wrong = fann_get_bit_fail(network);
    printf("%u neurons were added; %u of %d points are on the wrong spiral: %s\n",
           fann_get_total_neurons(network) - 4, wrong, POINTS,
           wrong <= POINTS / 20 ? "told apart." : "not told apart.");

    fann_save(network, "spirals.net");
    fann_destroy_train(data);
    fann_destroy(network);
    return 0;
}
