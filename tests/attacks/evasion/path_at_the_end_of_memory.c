// expect: blocked rule=dangerous-header
// unvalidated: success stdout=contained
// A name that runs into a page that is not there, and one that is nowhere.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void)
{
    char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    memcpy(page + 4096 - 6, "main.c", 6);
    puts(open(page + 4096 - 6, O_RDONLY) < 0 && open((char *)8, O_RDONLY) < 0 ? "contained"
                                                                              : "ESCAPED");
    return 0;
}
