// expect: success stdout="mean 20.50 of 4 rows"
#include <stdio.h>

int main(void)
{
    FILE *table = fopen("table.csv", "w");
    fputs("id,temperature\n1,19.5\n2,20.5\n3,21.5\n4,20.5\n", table);
    fclose(table);
    table = fopen("table.csv", "r");
    char header[64];
    int id, rows = 0;
    double value, sum = 0;
    if (!fgets(header, sizeof header, table))
        return 1;
    while (fscanf(table, "%d,%lf", &id, &value) == 2) {
        sum += value;
        rows++;
    }
    fclose(table);
    printf("mean %.2f of %d rows\n", sum / rows, rows);
    return 0;
}
