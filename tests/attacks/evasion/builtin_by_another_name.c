// expect: success stdout=contained
// unvalidated: success stdout=contained
// __builtin_ names are calls to libc in disguise; these are harmless ones.
int main(void)
{
    return __builtin_puts("contained") < 0;
}
