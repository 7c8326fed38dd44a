// expect: blocked rule=attribute
// Per function, by attribute.
__attribute__((optimize("no-stack-protector"))) int main(void)
{
    return 0;
}
