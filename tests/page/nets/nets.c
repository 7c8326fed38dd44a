/* The networks of this folder: `./nets NAME FILE [fixed]`, with libfann 2.2.0.
 * xor-double.net is `xor` with <doublefann.h> and -ldoublefann; all are saved as they came. */
#include <fann.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* libfann seeds itself from the system; this takes its place, so that a net can be made again. */
void fann_seed_rand(void) { srand(1); }

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

static struct fann *trained(void) {
    struct fann *ann = fann_create_standard(3, 2, 3, 1);
    fann_set_activation_function_hidden(ann, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(ann, FANN_SIGMOID_SYMMETRIC);
    fann_train_on_data(ann, xor_data(), 500, 0, 0.001f);
    return ann;
}

static struct fann *cascade(void) {
    struct fann *ann = fann_create_shortcut(2, 2, 1);
    fann_set_activation_function_output(ann, FANN_SIGMOID_SYMMETRIC);
    fann_set_train_error_function(ann, FANN_ERRORFUNC_LINEAR);
    fann_cascadetrain_on_data(ann, xor_data(), 6, 0, 0.0001f);
    return ann;
}

static struct fann *made(const char *name) {
    if (!strcmp(name, "xor")) return trained();
    if (!strcmp(name, "cascade")) return cascade();
    struct fann *ann = !strcmp(name, "sparse")     ? fann_create_sparse(0.5f, 4, 4, 6, 5, 2)
                       : !strcmp(name, "shortcut") ? fann_create_shortcut(3, 2, 3, 1)
                                                   : fann_create_standard(3, 2, 3, 1);
    fann_randomize_weights(ann, -1, 1);
    if (!strcmp(name, "scaled")) fann_set_scaling_params(ann, xor_data(), -1, 1, -1, 1);
    if (!strcmp(name, "nan")) ann->weights[0] = NAN, ann->weights[3] = INFINITY;
    return ann;
}

int main(int argc, char **argv) {
    if (argc < 3) return 1;
    struct fann *ann = made(argv[1]);
    return argc > 3 ? fann_save_to_fixed(ann, argv[2]) < 0 : fann_save(ann, argv[2]) != 0;
}
