// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clone|clone3|vfork
// fork and exec in one call.
#include <spawn.h>
#include <stdio.h>

int main(void)
{
    pid_t pid;
    char *arguments[] = {"program", NULL};
    if (posix_spawn(&pid, "/build/program", NULL, NULL, arguments, arguments + 1) == 0)
        puts("ESCAPED");
    return 0;
}
