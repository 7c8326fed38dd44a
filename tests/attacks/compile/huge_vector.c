// expect: memory_limit rule=memory-limit
// unvalidated: memory_limit rule=memory-limit
// Vectors are taken apart into single operations.
typedef int vector __attribute__((vector_size(1 << 24)));
vector a, b, c;

int main(void)
{
    c = a * b + a / (b + 1);
    return 0;
}
