// expect: memory_limit rule=memory-limit
// unvalidated: memory_limit rule=memory-limit
// The loader gives it, the first write takes it.
static volatile char table[1 << 28];

int main(void)
{
    for (unsigned long i = 0; i < sizeof table; i += 4096)
        table[i] = 1;
    return 0;
}
