// expect: success stdout="1 2 3"
#include <stdio.h>
#include <stdlib.h>

typedef struct Node {
    int value;
    struct Node *next;
} Node;

static Node *push(Node *next, int value)
{
    Node *node = malloc(sizeof *node);
    node->value = value;
    node->next = next;
    return node;
}

static Node *clone(const Node *node)
{
    return node ? push(clone(node->next), node->value) : NULL;
}

static void free_list(Node *node)
{
    while (node) {
        Node *next = node->next;
        free(node);
        node = next;
    }
}

int main(void)
{
    Node *list = push(push(push(NULL, 3), 2), 1);
    Node *copy = clone(list);
    free_list(list);
    for (Node *node = copy; node; node = node->next)
        printf("%d ", node->value);
    puts("");
    free_list(copy);
    return 0;
}
