// expect: blocked rule=dangerous-header
// unvalidated: success stdout=contained rule=blocked-path
// O_TMPFILE and O_PATH: descriptors that other calls could give a name or follow.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>

int main(void)
{
    if (open("/build", O_TMPFILE | O_RDWR, 0600) >= 0 || open("/", O_TMPFILE | O_RDWR, 0600) >= 0)
        puts("ESCAPED");
    int root = open("/", O_PATH);
    if (root >= 0 && openat(root, "etc/hosts", O_RDONLY) >= 0)
        puts("ESCAPED");
    puts("contained");
    return 0;
}
