// expect: success stdout="= 14"
// stdin: 2 3 4 * +\n
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    double stack[32];
    int top = 0;
    char token[16];
    while (scanf("%15s", token) == 1) {
        if (token[1] == '\0' && (*token == '+' || *token == '*')) {
            top--;
            stack[top - 1] = *token == '+' ? stack[top - 1] + stack[top] : stack[top - 1] * stack[top];
        } else {
            stack[top++] = atof(token);
        }
    }
    printf("= %g\n", stack[0]);
    return 0;
}
