#include <stdio.h>
#include "../network/majority.h"

/* The program starts in its own folder, so that its data lies one folder up. */
int main(int argument_count, char *arguments[])
{
    const char *data = argument_count > 1 ? arguments[1] : "../datasets/majority.data";
    struct fann *network = majority_train(data);
    if (!network) {
        printf("“%s” cannot be read.\n", data);
        return 1;
    }
    printf("%.0f %% right.\n", 100 * majority_share_right(network, data));
    fann_destroy(network);
    return 0;
}
