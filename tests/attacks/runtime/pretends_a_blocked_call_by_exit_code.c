// expect: runtime_error exit=159
// unvalidated: runtime_error exit=159
// 128 + 31 is what a shell would say of SIGSYS.
int main(void)
{
    return 159;
}
