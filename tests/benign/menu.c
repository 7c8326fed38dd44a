// expect: success stdout="balance 150" stdout="bye"
// stdin: 1\n200\n2\n50\n3\n
#include <stdio.h>

int main(void)
{
    int choice = 0, amount, balance = 0;
    while (choice != 3) {
        printf("1) deposit 2) withdraw 3) quit: ");
        if (scanf("%d", &choice) != 1)
            return 1;
        if (choice == 1 || choice == 2) {
            scanf("%d", &amount);
            balance += choice == 1 ? amount : -amount;
            printf("balance %d\n", balance);
        }
    }
    puts("bye");
    return 0;
}
