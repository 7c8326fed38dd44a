// expect: blocked rule=attribute
// unvalidated: runtime_error
// PT_INTERP from the source: the kernel would start this file instead of the loader.
__attribute__((section(".interp"), used)) static const char interpreter[] = "/work/main.c";

int main(void)
{
    return 0;
}
