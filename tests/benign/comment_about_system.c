// expect: success stdout="nothing was started"
/* Never call system("ls") or fork() here; execve("/bin/sh") is worse, and asm("int3") too.
 * #include <unistd.h> is not allowed, nor is fopen("/proc/self/maps", "r"). */
#include <stdio.h>

int main(void)
{
    puts("nothing was started"); // popen("id", "r"); clone(); mmap();
    return 0;
}
