// expect: blocked rule=embed
// unvalidated: compile_error
// C23 copies a file into the program.
int puts(const char *);

static const char secret[] = {
#embed "/etc/passwd"
};

int main(void)
{
    puts("ESCAPED");
    return secret[0];
}
