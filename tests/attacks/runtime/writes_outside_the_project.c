// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// Every folder of the image, and the ones it does not have.
#include <stdio.h>

int main(void)
{
    const char *places[] = {"", "tmp", "build", "lib", "lib64", "usr", "usr lib", "etc", "var",
                            "root", "home", "sys", "dev", "work ..", "work .. build"};
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        char path[64];
        snprintf(path, sizeof path, "%c%s%cowned", 47, places[i], 47);
        for (char *c = path; *c; c++)
            if (*c == ' ')
                *c = 47;
        if (fopen(path, "w") || fopen(path, "a"))
            printf("ESCAPED %s\n", path);
    }
    puts(fopen("inside", "w") ? "contained" : "the project itself is not writable");
    return 0;
}
