#define _GNU_SOURCE
#include "given.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void *mapped;

const char *given_file(const uint8_t *bytes, size_t size)
{
    static char path[64];
    static int file = -1;
    if (file < 0) {
        /* What the parsers send goes nowhere; libFuzzer writes to standard error. */
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        snprintf(path, sizeof path, "/dev/shm/cloister-fuzz-%d", getpid());
        file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    }
    if (file < 0 || ftruncate(file, 0) || pwrite(file, bytes, size, 0) != (ssize_t)size)
        abort();
    return path;
}

void given_forget(void)
{
    free(mapped);
    mapped = NULL;
}

void *__wrap_mmap(void *address, size_t length, int rights, int flags, int file, off_t offset);
void *__wrap_mmap(void *address, size_t length, int rights, int flags, int file, off_t offset)
{
    (void)address, (void)rights, (void)flags;
    mapped = malloc(length);
    if (!mapped || pread(file, mapped, length, offset) != (ssize_t)length)
        abort();
    return mapped;
}

int __wrap_munmap(void *address, size_t length);
int __wrap_munmap(void *address, size_t length)
{
    (void)length;
    if (address != mapped)
        abort();
    given_forget();
    return 0;
}
