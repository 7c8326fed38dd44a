// expect: success stdout="epoch 1" stdout="stopped by callback"
#include <stdio.h>
#include <fann.h>

static int FANN_API report(struct fann *ann, struct fann_train_data *data, unsigned max_epochs,
                           unsigned between, float wanted, unsigned epochs)
{
    (void)data, (void)max_epochs, (void)between, (void)wanted;
    printf("epoch %u error %.3f\n", epochs, fann_get_MSE(ann));
    return epochs >= 3 ? -1 : 0;
}

int main(void)
{
    struct fann *ann = fann_create_sparse(0.9f, 3, 4, 6, 2);
    struct fann_train_data *data = fann_create_train(6, 4, 2);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 4; j++)
            data->input[i][j] = (fann_type)((i * j) % 3 - 1), data->output[i][j / 2] = (fann_type)(i % 2);
    fann_set_callback(ann, report);
    fann_train_on_data(ann, data, 1000, 1, 0.0f);
    puts("stopped by callback");
    fann_destroy_train(data);
    fann_destroy(ann);
    return 0;
}
