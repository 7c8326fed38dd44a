// expect: blocked rule=system-path
// unvalidated: success stdout=contained rule=blocked-path
// Everything in /proc that says something, this process's own files first.
#include <stdio.h>

int main(void)
{
    const char *paths[] = {
        "/proc/self/maps", "/proc/self/mem", "/proc/self/environ", "/proc/self/status",
        "/proc/self/fd/0", "/proc/self/exe", "/proc/self/root/etc/hosts", "/proc/self/cwd/main.c",
        "/proc/1/environ", "/proc/1/maps", "/proc/1/mem", "/proc/1/fd/1", "/proc/thread-self/maps",
        "/proc/version", "/proc/cpuinfo", "/proc/meminfo", "/proc/mounts", "/proc/net/dev",
        "/proc/keys", "/proc/kallsyms", "/proc/kcore", "/proc/sys/kernel/core_pattern",
        "/proc/self/cgroup", "/proc/self/mountinfo", "/proc/self/oom_score_adj",
    };
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++)
        if (fopen(paths[i], "r"))
            printf("ESCAPED %s\n", paths[i]);
    puts("contained");
    return 0;
}
