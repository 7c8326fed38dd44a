// expect: success stdout="3 inputs, 1 outputs, 6 neurons"
#include <fann.h>
#include <stdio.h>

int main(void)
{
    struct fann *ann = fann_create_standard(3, 3, 2, 1);
    if (!ann)
        return 1;
    printf("%u inputs, %u outputs, %u neurons\n", fann_get_num_input(ann),
           fann_get_num_output(ann), fann_get_total_neurons(ann) - 2);
    fann_destroy(ann);
    return 0;
}
