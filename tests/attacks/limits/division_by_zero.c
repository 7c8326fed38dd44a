// expect: runtime_error signal=SIGFPE
// unvalidated: runtime_error signal=SIGFPE
// A crash is a crash.
int main(void)
{
    volatile int zero = 0;
    return 7 / zero;
}
