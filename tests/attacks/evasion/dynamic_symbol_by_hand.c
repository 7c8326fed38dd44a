// expect: blocked rule=low-level
// unvalidated: blocked_syscall call=clone|clone3|vfork
// The loader knows every name.
#define _GNU_SOURCE
#include <dlfcn.h>

int main(void)
{
    int (*call)(const char *) = (int (*)(const char *))dlsym(RTLD_DEFAULT, "system");
    return call("echo ESCAPED");
}
