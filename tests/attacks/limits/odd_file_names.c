// expect: success stdout=contained
// unvalidated: success stdout=contained
// Names that a terminal, a shell, a page or a path parser would read as something else.
#include <stdio.h>
#include <string.h>

int main(void)
{
    const char *names[] = {"-rf", "a\nb", "\x1b[2J", "<script>alert(1)<", "\xff\xfe", "a b", "..a",
                           "CON", "%2e%2e", "\xe2\x80\xaexcod.exe", "~", "$HOME", "a\\b", "'\""};
    char longest[256];
    memset(longest, 'n', 255);
    longest[255] = 0;
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        fclose(fopen(names[i], "w"));
    fclose(fopen(longest, "w"));
    puts("contained");
    return 0;
}
