// expect: success stdout="aligned 1, format ok"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct __attribute__((packed)) header {
    uint8_t kind;
    uint32_t size;
};
static int __attribute__((aligned(64))) counter;
static void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2), unused));

static void fail(const char *format, ...)
{
    fputs(format, stderr);
    exit(1);
}

static __attribute__((noinline, pure)) int twice(int n)
{
    return 2 * n;
}

int main(void)
{
    if (twice(2) != 4 || sizeof(struct header) != 5)
        fail("arithmetic is broken\n");
    printf("aligned %d, format ok\n", (uintptr_t)&counter % 64 == 0);
    return 0;
}
