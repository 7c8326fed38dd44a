// expect: timeout rule=timeout
// unvalidated: timeout rule=timeout
// Each opened name is judged by the supervisor: work for the one who watches.
#include <stdio.h>

int main(void)
{
    for (;;) {
        FILE *file = fopen("main.c", "r");
        if (file)
            fclose(file);
    }
}
