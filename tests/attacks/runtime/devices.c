// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// The devices that every container has.
#include <stdio.h>

int main(void)
{
    const char *names[] = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "console",
                           "mem", "kmem", "kvm", "fuse", "sda", "shm/x", "mqueue/x", "pts/0",
                           "fd/1", "stdin"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];
        snprintf(path, sizeof path, "%cdev%c%s", 47, 47, names[i]);
        if (fopen(path, "r") || fopen(path, "w"))
            printf("ESCAPED %s\n", names[i]);
    }
    puts("contained");
    return 0;
}
