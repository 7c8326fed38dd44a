#include <stdio.h>
#include <stdlib.h>
#include <fann.h>

enum { KINDS = 3 };
static const char *const names[KINDS] = {"Bosk", "Elstra", "Pomme d'or"};

/* The kind whose output is the largest. */
static unsigned kind_of(const fann_type *output)
{
    unsigned best = 0;
    for (unsigned i = 1; i < KINDS; i++)
        if (output[i] > output[best])
            best = i;
    return best;
}

/* Three invented kinds of apple, told apart by weight, diameter, sugar and acid. The files hold
   each measure from -1 to 1. What counts is how well the network does on apples that it has
   never seen. */
int main(void)
{
    struct fann_train_data *train = fann_read_train_from_file("train.data");
    struct fann_train_data *test = fann_read_train_from_file("test.data");
    if (!train || !test)
        return 1;

    struct fann *network = fann_create_standard(3, 4, 6, KINDS);
    fann_set_activation_function_hidden(network, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(network, FANN_SIGMOID_SYMMETRIC);
    fann_set_training_algorithm(network, FANN_TRAIN_RPROP);
    srand(1);
    fann_randomize_weights(network, -0.3, 0.3);
    fann_train_on_data(network, train, 1000, 10, 0.01f);

    unsigned table[KINDS][KINDS] = {{0}}, right = 0;
    for (unsigned i = 0; i < fann_length_train_data(test); i++) {
        unsigned said = kind_of(fann_run(network, test->input[i]));
        unsigned is = kind_of(test->output[i]);
        table[is][said]++;
        right += said == is;
    }

    printf("\n%-12s", "is \\ said");
    for (unsigned said = 0; said < KINDS; said++)
        printf("%12s", names[said]);
    for (unsigned is = 0; is < KINDS; is++) {
        printf("\n%-12s", names[is]);
        for (unsigned said = 0; said < KINDS; said++)
            printf("%12u", table[is][said]);
    }
    printf("\n\n%u of %u right, %s.\n", right, fann_length_train_data(test),
           right >= 51 ? "a good judge of apples" : "no judge of apples yet");

    fann_destroy_train(train);
    fann_destroy_train(test);
    fann_destroy(network);
    return 0;
}
