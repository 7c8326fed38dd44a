// expect: blocked rule=dangerous-header
// unvalidated: success stdout=contained rule=blocked-path
// shm_open is a file in /dev/shm, which nobody can write here.
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    puts(shm_open("/x", O_RDWR | O_CREAT, 0600) >= 0 ? "ESCAPED" : "contained");
    return 0;
}
