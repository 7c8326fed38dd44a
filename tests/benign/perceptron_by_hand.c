// expect: success stdout="0 0 0 1"
#include <stdio.h>

int main(void)
{
    static const int inputs[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, wanted[4] = {0, 0, 0, 1};
    double weights[2] = {0}, bias = 0;
    for (int epoch = 0; epoch < 50; epoch++)
        for (int i = 0; i < 4; i++) {
            int given = weights[0] * inputs[i][0] + weights[1] * inputs[i][1] + bias > 0;
            int error = wanted[i] - given;
            weights[0] += 0.1 * error * inputs[i][0];
            weights[1] += 0.1 * error * inputs[i][1];
            bias += 0.1 * error;
        }
    for (int i = 0; i < 4; i++)
        printf("%d ", weights[0] * inputs[i][0] + weights[1] * inputs[i][1] + bias > 0);
    puts("");
    return 0;
}
