// expect: success stdout="result 14"
#include <stdio.h>

enum { PUSH, ADD, MUL, HALT };

struct machine {
    const int *code;
    int stack[16], top;
    int (*exec)(struct machine *);
};

static int exec(struct machine *machine)
{
    for (;;) {
        int *top = &machine->stack[machine->top];
        switch (*machine->code++) {
        case PUSH:
            machine->stack[++machine->top] = *machine->code++;
            break;
        case ADD:
            top[-1] += top[0];
            machine->top--;
            break;
        case MUL:
            top[-1] *= top[0];
            machine->top--;
            break;
        default:
            return top[0];
        }
    }
}

int main(void)
{
    static const int code[] = {PUSH, 2, PUSH, 3, PUSH, 4, MUL, ADD, HALT};
    struct machine machine = {.code = code, .exec = exec};
    printf("result %d\n", machine.exec(&machine));
    return 0;
}
