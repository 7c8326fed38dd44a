// expect: blocked rule=dangerous-header
// unvalidated: success stdout=contained rule=blocked-path
// gvisor: blocked_syscall call=getdents64 rule=blocked-path
// Folders cannot be opened, so nothing can be listed: neither the host's nor the project's.
// Without Landlock the libraries' folder can, and the call that lists it ends the program.
#include <dirent.h>
#include <stdio.h>

int main(void)
{
    const char *folders[] = {"/", "/proc", "/build", "/usr/lib/cloister", "/lib"};
    for (unsigned i = 0; i < sizeof folders / sizeof *folders; i++) {
        DIR *folder = opendir(folders[i]);
        if (folder && readdir(folder))
            printf("ESCAPED %s\n", folders[i]);
    }
    puts("contained");
    return 0;
}
