/* Where the kernel takes the options of the work folders and does not obey them (gVisor): noexec and
 * nr_inodes. The tracer does instead. Results are 0 or the error that the call fails with. */
#ifndef CLOISTER_MOUNTS_H
#define CLOISTER_MOUNTS_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/types.h>

/* A file with this full path may be made now; at most as many new ones as the folder has inodes. */
int mounts_take_file(const char *path);
/* It is removed. */
void mounts_lose_file(const char *path);

/* Whether an mmap(2) maps code from a file, and does not map it to be written. */
bool mounts_code_of_file(const struct seccomp_data *call);
/* Code comes from the libraries only. */
int mounts_map_code(pid_t pid, int descriptor);

#endif
