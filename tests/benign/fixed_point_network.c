// expect: success stdout="decimal point 13" stdout="- - - +"
#include <stdio.h>
#include <fixedfann.h>

/* As a program with floatfann.h saves it by fann_save_to_fixed: a network that has learned “and”. */
static const char network[] =
    "FANN_FIX_2.0\ndecimal_point=13\nnum_layers=2\nlearning_rate=0.700000\n"
    "connection_rate=1.000000\nnetwork_type=0\nlearning_momentum=0.000000\n"
    "training_algorithm=2\ntrain_error_function=1\ntrain_stop_function=0\n"
    "cascade_output_change_fraction=0.010000\nquickprop_decay=-0.000100\n"
    "quickprop_mu=1.750000\nrprop_increase_factor=1.200000\nrprop_decrease_factor=0.500000\n"
    "rprop_delta_min=0.000000\nrprop_delta_max=50.000000\nrprop_delta_zero=0.100000\n"
    "cascade_output_stagnation_epochs=12\ncascade_candidate_change_fraction=0.010000\n"
    "cascade_candidate_stagnation_epochs=12\ncascade_max_out_epochs=150\n"
    "cascade_min_out_epochs=50\ncascade_max_cand_epochs=150\ncascade_min_cand_epochs=50\n"
    "cascade_num_candidate_groups=2\nbit_fail_limit=2867\ncascade_candidate_limit=8192000\n"
    "cascade_weight_multiplier=3277\ncascade_activation_functions_count=10\n"
    "cascade_activation_functions=3 5 7 8 10 11 14 15 16 17 \n"
    "cascade_activation_steepnesses_count=4\n"
    "cascade_activation_steepnesses=2048 4096 6144 8192 \nlayer_sizes=3 2 \n"
    "neurons (num_inputs, activation_function, activation_steepness)="
    "(0, 0, 0) (0, 0, 0) (0, 0, 0) (3, 5, 4096) (0, 5, 0) \n"
    "connections (connected_to_neuron, weight)=(0, 39392) (1, 39095) (2, -39640) \n";

int main(void)
{
    FILE *file = fopen("and.net", "w");
    fputs(network, file);
    fclose(file);
    struct fann *ann = fann_create_from_file("and.net");
    if (!ann)
        return 1;
    int one = 1 << fann_get_decimal_point(ann);
    printf("decimal point %u\n", fann_get_decimal_point(ann));
    for (int i = 0; i < 4; i++) {
        fann_type input[2] = {i & 1 ? one : -one, i & 2 ? one : -one};
        printf("%c ", *fann_run(ann, input) > 0 ? '+' : '-');
    }
    puts("");
    fann_destroy(ann);
    return 0;
}
