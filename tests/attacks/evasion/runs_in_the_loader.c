// expect: blocked rule=attribute
// unvalidated: blocked_syscall call=fork
// An ifunc's resolver runs while the loader still relocates.
int puts(const char *);

static int real(void)
{
    return 0;
}

static void *resolve(void)
{
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "0"(57L) : "rcx", "r11", "memory");
    return result >= 0 ? 0 : (void *)real;
}

int chosen(void) __attribute__((ifunc("resolve")));

int main(void)
{
    return chosen();
}
