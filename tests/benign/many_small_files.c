// expect: success stdout="50 files hold 1225"
#include <stdio.h>

int main(void)
{
    int sum = 0, value;
    for (int i = 0; i < 50; i++) {
        char name[16];
        sprintf(name, "part%02d.txt", i);
        FILE *file = fopen(name, "w+");
        fprintf(file, "%d", i);
        rewind(file);
        if (fscanf(file, "%d", &value) == 1)
            sum += value;
        fclose(file);
    }
    printf("50 files hold %d\n", sum);
    return 0;
}
