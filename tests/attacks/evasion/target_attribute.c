// expect: blocked rule=attribute
// Instructions that this machine's policy may not want.
__attribute__((target("avx512f"))) int main(void)
{
    return 0;
}
