// expect: success stdout="1 3 4 6 7 8 10 13 14" stdout="height 4"
#include <stdio.h>
#include <stdlib.h>

struct tree {
    int key;
    struct tree *left, *right;
};

static struct tree *insert(struct tree *tree, int key)
{
    if (!tree) {
        tree = calloc(1, sizeof *tree);
        tree->key = key;
    } else if (key < tree->key) {
        tree->left = insert(tree->left, key);
    } else {
        tree->right = insert(tree->right, key);
    }
    return tree;
}

static int print(const struct tree *tree)
{
    if (!tree)
        return 0;
    int left = print(tree->left);
    printf("%d ", tree->key);
    int right = print(tree->right);
    return 1 + (left > right ? left : right);
}

int main(void)
{
    static const int keys[] = {8, 3, 10, 1, 6, 14, 4, 7, 13};
    struct tree *tree = NULL;
    for (int i = 0; i < 9; i++)
        tree = insert(tree, keys[i]);
    printf("\nheight %d\n", print(tree));
    return 0;
}
