// expect: success stdout="record 5 is 25 2.5"
#include <stdio.h>

struct record {
    int square;
    double half;
};

int main(void)
{
    struct record record;
    FILE *file = fopen("records.bin", "wb+");
    for (int i = 0; i < 10; i++) {
        record = (struct record){i * i, i / 2.0};
        fwrite(&record, sizeof record, 1, file);
    }
    fseek(file, 5 * (long)sizeof record, SEEK_SET);
    if (fread(&record, sizeof record, 1, file) != 1)
        return 1;
    printf("record 5 is %d %g\n", record.square, record.half);
    fclose(file);
    return 0;
}
