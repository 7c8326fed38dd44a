// expect: blocked rule=dangerous-header
// unvalidated: success stdout=contained
// Code written into a project file and mapped: the folder is mounted noexec.
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    FILE *file = fopen("code", "w+");
    fputs("\xc3", file);
    fflush(file);
    if (mmap(0, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fileno(file), 0) == MAP_FAILED &&
        mmap(0, 1, PROT_EXEC, MAP_SHARED, fileno(file), 0) == MAP_FAILED)
        puts("contained");
    else
        puts("ESCAPED");
    return 0;
}
