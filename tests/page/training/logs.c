/* The training logs of this folder: `./logs NAME > NAME.txt`, with libfann 2.2.0. */
#include <fann.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libfann seeds itself from the system; this takes its place, so that a log can be made again. */
void fann_seed_rand(void) { srand(7); }

static struct fann_train_data *xor_data(void) {
    static const fann_type in[4][2] = {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
    static const fann_type out[4] = {-1, 1, 1, -1};
    struct fann_train_data *data = fann_create_train(4, 2, 1);
    for (int i = 0; i < 4; i++) {
        memcpy(data->input[i], in[i], sizeof in[i]);
        data->output[i][0] = out[i];
    }
    return data;
}

/* y = scale * sin(x), with noise, at `count` places. */
static struct fann_train_data *sine(unsigned count, double scale, double noise) {
    struct fann_train_data *data = fann_create_train(count, 1, 1);
    for (unsigned i = 0; i < count; i++) {
        double x = -3 + 6.0 * i / count;
        data->input[i][0] = x * scale;
        data->output[i][0] = scale * sin(x) + noise * (2.0 * rand() / RAND_MAX - 1);
    }
    return data;
}

static struct fann *net(unsigned in, unsigned hidden, enum fann_activationfunc_enum output) {
    struct fann *ann = fann_create_standard(3, in, hidden, 1);
    fann_set_activation_function_hidden(ann, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(ann, output);
    return ann;
}

static void incremental(struct fann *ann, float rate) {
    fann_set_training_algorithm(ann, FANN_TRAIN_INCREMENTAL);
    fann_set_learning_rate(ann, rate);
}

static void reached(void) {
    fann_train_on_data(net(2, 3, FANN_SIGMOID_SYMMETRIC), xor_data(), 1000, 10, 0.001f);
}

static void bit_stop(void) {
    struct fann *ann = net(2, 3, FANN_SIGMOID_SYMMETRIC);
    fann_set_train_stop_function(ann, FANN_STOPFUNC_BIT);
    fann_set_bit_fail_limit(ann, 0.1f);
    fann_train_on_data(ann, xor_data(), 1000, 10, 0.0f);
}

/* One neuron cannot tell XOR. */
static void plateau(void) {
    struct fann *ann = net(2, 1, FANN_SIGMOID_SYMMETRIC);
    fann_train_on_data(ann, xor_data(), 2000, 50, 0.001f);
}

/* A sigmoid never says less than 0, and half of the answers are -1. */
static void saturated(void) {
    struct fann *ann = net(2, 4, FANN_SIGMOID);
    incremental(ann, 0.7f);
    fann_print_parameters(ann);
    fann_train_on_data(ann, xor_data(), 1000, 25, 0.001f);
}

static void unscaled(void) {
    struct fann *ann = net(1, 6, FANN_LINEAR);
    incremental(ann, 0.7f);
    fann_train_on_data(ann, sine(30, 40, 0), 200, 5, 0.001f);
}

/* The square of the difference has no place in a float. */
static void not_a_number(void) {
    struct fann *ann = net(1, 6, FANN_LINEAR);
    incremental(ann, 0.7f);
    fann_train_on_data(ann, sine(30, 1e25, 0), 100, 10, 0.001f);
}

static void grows(void) {
    struct fann *ann = net(1, 8, FANN_LINEAR);
    fann_set_training_algorithm(ann, FANN_TRAIN_BATCH);
    fann_set_learning_rate(ann, 0.72f);
    fann_set_activation_steepness_output(ann, 1.1f);
    fann_train_on_data(ann, sine(40, 1, 0), 12, 1, 0.001f);
}

static void oscillates(void) {
    struct fann *ann = net(1, 8, FANN_SIGMOID_SYMMETRIC);
    incremental(ann, 6.0f);
    fann_train_on_data(ann, sine(40, 1, 0), 600, 10, 0.0005f);
}

static void short_of(void) {
    struct fann *ann = net(1, 6, FANN_SIGMOID_SYMMETRIC);
    incremental(ann, 0.1f);
    fann_train_on_data(ann, sine(40, 0.9, 0), 300, 10, 0.0001f);
}

static void cascade(unsigned neurons, float desired, struct fann_train_data *data) {
    struct fann *ann = fann_create_shortcut(2, fann_num_input_train_data(data), 1);
    fann_set_activation_function_output(ann, FANN_SIGMOID_SYMMETRIC);
    fann_set_train_error_function(ann, FANN_ERRORFUNC_LINEAR);
    fann_cascadetrain_on_data(ann, data, neurons, 1, desired);
}

static void cascade_reached(void) { cascade(10, 0.0001f, xor_data()); }
static void cascade_short(void) { cascade(6, 0.000001f, sine(60, 0.9, 0.3)); }

static int report(struct fann *ann, struct fann_train_data *data, unsigned max_epochs,
                  unsigned between, float desired, unsigned epochs) {
    (void)data, (void)max_epochs, (void)between;
    printf("Epochs     %8d. MSE: %.5f. Desired-MSE: %.5f\n", epochs, fann_get_MSE(ann), desired);
    return 0;
}

static void callback(void) {
    struct fann *ann = net(2, 3, FANN_SIGMOID_SYMMETRIC);
    fann_set_callback(ann, report);
    fann_train_on_data(ann, xor_data(), 1000, 10, 0.001f);
}

static void overfits(void) {
    struct fann_train_data *all = sine(24, 0.7, 0.3);
    fann_shuffle_train_data(all);
    struct fann *ann = net(1, 30, FANN_SIGMOID_SYMMETRIC);
    fann_train_on_data(ann, fann_subset_train_data(all, 0, 12), 3000, 200, 0.0005f);
    printf("MSE error on train data: %f\n", fann_get_MSE(ann));
    fann_reset_MSE(ann);
    fann_test_data(ann, fann_subset_train_data(all, 12, 12));
    printf("MSE error on test data: %f\n", fann_get_MSE(ann));
}

static void twice(void) {
    struct fann *ann = net(2, 3, FANN_SIGMOID_SYMMETRIC);
    fann_train_on_data(ann, xor_data(), 20, 5, 0.0001f);
    fann_train_on_data(ann, xor_data(), 1000, 10, 0.0001f);
}

static const struct { const char *name; void (*make)(void); } LOGS[] = {
    {"reached", reached}, {"bit-stop", bit_stop}, {"plateau", plateau}, {"saturated", saturated},
    {"unscaled", unscaled}, {"not-a-number", not_a_number}, {"grows", grows}, {"oscillates", oscillates}, {"short", short_of},
    {"cascade-reached", cascade_reached}, {"cascade-short", cascade_short},
    {"callback", callback}, {"overfits", overfits}, {"twice", twice},
};

int main(int argc, char **argv) {
    for (unsigned i = 0; argc > 1 && i < sizeof LOGS / sizeof *LOGS; i++)
        if (!strcmp(argv[1], LOGS[i].name)) return LOGS[i].make(), 0;
    return 1;
}
