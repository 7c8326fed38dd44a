// expect: blocked rule=attribute
// The C23 spelling of attributes.
[[gnu::constructor]] static void early(void)
{
}

int main(void)
{
    return 0;
}
