// expect: runtime_error exit=137
// unvalidated: runtime_error exit=137
// 128 + 9 is what a shell says of a killed program; this one ended by itself.
int main(void)
{
    return 137;
}
