// expect: success stdout="loaded network says the same" stdout="4 rows"
#include <math.h>
#include <stdio.h>
#include <fann.h>

int main(void)
{
    FILE *file = fopen("xor.data", "w");
    fputs("4 2 1\n-1 -1\n-1\n-1 1\n1\n1 -1\n1\n1 1\n-1\n", file);
    fclose(file);
    struct fann_train_data *data = fann_read_train_from_file("xor.data");
    if (!data)
        return 1;
    printf("%u rows\n", fann_length_train_data(data));
    struct fann *ann = fann_create_standard(3, 2, 3, 1);
    fann_train_on_data(ann, data, 50, 0, 0.001f);
    if (fann_save(ann, "xor.net"))
        return 2;
    struct fann *loaded = fann_create_from_file("xor.net");
    if (!loaded)
        return 3;
    fann_type input[2] = {-1, 1};
    double before = *fann_run(ann, input), after = *fann_run(loaded, input);
    puts(fabs(before - after) < 1e-4 ? "loaded network says the same" : "they differ");
    fann_destroy(loaded);
    fann_destroy(ann);
    fann_destroy_train(data);
    return 0;
}
