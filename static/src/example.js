/** What a first visit shows. */

export const EXAMPLE = `#include <stdio.h>
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
`;
