/* A stack machine: its words are the system's, its functions are its own. */
#include <stdio.h>
#include <stdlib.h>

enum op { PUSH, ADD, clone, halt };

typedef struct vm Vm;
struct vm {
    int stack[16];
    int top;
    void (*exec)(Vm *vm, enum op op);
};

static void exec(Vm *vm, enum op op)
{
    switch (op) {
    case PUSH:
        vm->stack[vm->top++] = 1;
        break;
    case clone:
        vm->stack[vm->top] = vm->stack[vm->top - 1];
        vm->top++;
        break;
    case ADD:
        vm->top--;
        vm->stack[vm->top - 1] += vm->stack[vm->top];
        break;
    case halt:
        exit(0);
    }
}

int main(void)
{
    Vm vm = { .top = 0, .exec = exec };
    vm.exec(&vm, PUSH);
    exec(&vm, clone);
    exec(&vm, ADD);
    printf("subsystem /proc-like: %d\n", vm.stack[0]);
    return 0;
}
