"""What is measured: four programs that people write."""

SAFE = """#include <stdio.h>
#include <math.h>
#include <fann.h>

int main() {
    printf("Secure sandbox example\\n");
    double result = sqrt(16.0);
    printf("sqrt(16) = %.2f\\n", result);
    struct fann *ann = fann_create_standard(3, 2, 3, 1);
    if (ann) {
        printf("Neural network created: %d inputs, %d outputs\\n",
               fann_get_num_input(ann), fann_get_num_output(ann));
        fann_destroy(ann);
    }
    return 0;
}
"""
HELLO = '#include <stdio.h>\nint main() { printf("Hello, world.\\n"); return 0; }\n'
OUTPUT = """#include <stdio.h>
int main() {
    for (int line = 0; line < 1180; line++)
        printf("line %04d: fifty characters of text to be streamed\\n", line);
    return 0;
}
"""
TRAINING = """#include <stdio.h>
#include <fann.h>

int main() {
    float in[4][2] = {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}}, out[4] = {-1, 1, 1, -1};
    struct fann *ann = fann_create_standard(3, 2, 3, 1);
    struct fann_train_data *data = fann_create_train(4, 2, 1);
    fann_set_activation_function_hidden(ann, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(ann, FANN_SIGMOID_SYMMETRIC);
    for (int i = 0; i < 4; i++) {
        data->input[i][0] = in[i][0];
        data->input[i][1] = in[i][1];
        data->output[i][0] = out[i];
    }
    fann_train_on_data(ann, data, 500, 100, 0.001f);
    fann_destroy_train(data);
    fann_destroy(ann);
    return 0;
}
"""
PROGRAMS = {"safe": SAFE, "hello": HELLO, "output": OUTPUT, "training": TRAINING}
