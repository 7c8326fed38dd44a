// expect: memory_limit|compile_timeout
// unvalidated: memory_limit|compile_timeout
// GNU C's ranges: one line, a hundred million values.
int table[100000000] = {[0 ... 99999999] = 7};

int main(void)
{
    return table[1];
}
