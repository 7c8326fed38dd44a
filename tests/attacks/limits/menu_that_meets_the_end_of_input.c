// expect: output_limit rule=output-limit
// unvalidated: output_limit rule=output-limit
// stdin: 9\n
// A menu asks again and again when there is nobody to answer.
#include <stdio.h>

int main(void)
{
    int choice = 0;
    for (;;) {
        printf("1) play  2) quit\nYour choice: ");
        scanf("%d", &choice);
        if (choice == 2)
            return 0;
    }
}
