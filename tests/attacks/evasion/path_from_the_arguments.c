// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// args: /etc/passwd
// Nor is this one.
#include <stdio.h>

int main(int argc, char **argv)
{
    puts(argc < 2 || fopen(argv[1], "r") ? "ESCAPED" : "contained");
    return 0;
}
