#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <fann.h>

enum { PAST = 16, KNOWN = 320, AHEAD = 60 };

/* A signal with two rhythms. The network sees PAST values and is to say the next. */
static double signal(int time)
{
    return 0.5 * sin(time * 0.22) + 0.3 * sin(time * 0.57 + 1);
}

static void window(unsigned number, unsigned inputs, unsigned outputs, fann_type *input,
                   fann_type *output)
{
    (void)inputs, (void)outputs;
    for (int i = 0; i < PAST; i++)
        input[i] = (fann_type)signal((int)number + i);
    output[0] = (fann_type)signal((int)number + PAST);
}

int main(void)
{
    struct fann_train_data *data = fann_create_train_from_callback(KNOWN - PAST, PAST, 1, window);
    struct fann *network = fann_create_standard(4, PAST, 24, 12, 1);
    fann_set_activation_function_hidden(network, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(network, FANN_LINEAR);
    srand(6);
    fann_randomize_weights(network, -0.3, 0.3);

    /* This takes a second or two: the plot moves meanwhile, and Stop ends it. */
    fann_set_training_algorithm(network, FANN_TRAIN_INCREMENTAL);
    fann_set_learning_rate(network, 0.02f);
    fann_train_on_data(network, data, 1200, 10, 0.00001f);

    /* From here on it goes on alone: each value that it foretells is the past of the next. */
    fann_type past[PAST];
    for (int i = 0; i < PAST; i++)
        past[i] = (fann_type)signal(KNOWN - PAST + i);
    double off = 0;
    for (int time = KNOWN; time < KNOWN + AHEAD; time++) {
        fann_type next = fann_run(network, past)[0];
        for (int i = 1; i < PAST; i++)
            past[i - 1] = past[i];
        past[PAST - 1] = next;
        printf("#plot actual %d %.4f\n#plot foretold %d %.4f\n", time, signal(time), time,
               (double)next);
        off += fabs((double)next - signal(time)) / AHEAD;
    }
    printf("Over %d steps it is off by %.3f on average: %s.\n", AHEAD, off,
           off < 0.15 ? "foretold" : "not foretold");

    fann_destroy_train(data);
    fann_destroy(network);
    return 0;
}
