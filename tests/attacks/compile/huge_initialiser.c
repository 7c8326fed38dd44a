// expect: compile_error
// unvalidated: compile_error
// One designator that makes half a gigabyte of object file.
char table[1 << 29] = {[(1 << 29) - 1] = 1};

int main(void)
{
    return table[0];
}
