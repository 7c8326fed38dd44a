// expect: success stdout="trace 328350 corner 9702"
#include <stdio.h>
#include <stdlib.h>

enum { SIZE = 100 };
typedef double matrix[SIZE][SIZE];

static void multiply(matrix product, matrix a, matrix b)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            product[i][j] = 0;
            for (int k = 0; k < SIZE; k++)
                product[i][j] += a[i][k] * b[k][j];
        }
}

int main(void)
{
    matrix *matrices = calloc(3, sizeof *matrices);
    for (int i = 0; i < SIZE; i++) {
        matrices[0][i][i] = i;
        for (int j = 0; j < SIZE; j++)
            matrices[1][i][j] = j;
    }
    multiply(matrices[2], matrices[0], matrices[1]);
    double trace = 0;
    for (int i = 0; i < SIZE; i++)
        trace += matrices[2][i][i];
    printf("trace %.0f corner %.0f\n", trace, matrices[2][SIZE - 1][SIZE - 2]);
    free(matrices);
    return 0;
}
