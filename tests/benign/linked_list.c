// expect: success stdout="5 -> 4 -> 3 -> 2 -> 1 -> end"
#include <stdio.h>
#include <stdlib.h>

struct node {
    int value;
    struct node *next;
};

int main(void)
{
    struct node *head = NULL;
    for (int i = 1; i <= 5; i++) {
        struct node *node = malloc(sizeof *node);
        *node = (struct node){i, head};
        head = node;
    }
    while (head) {
        struct node *next = head->next;
        printf("%d -> ", head->value);
        free(head);
        head = next;
    }
    puts("end");
    return 0;
}
