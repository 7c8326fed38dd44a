/* Which system calls each stage may make: data, each group with its reason.
 *
 * Default deny. What no list names is refused; a refused call that this image knows by name
 * goes to the supervisor as a user notification, which names it and ends the process. execve is
 * judged there too: the supervisor lets the first one through and none after it.
 *
 * Source of the run list: what glibc 2.36, musl, libm and libfann 2.2.0 were seen to need.
 */
#ifndef CLOISTER_FILTERS_H
#define CLOISTER_FILTERS_H

#include <sys/syscall.h>

/* Both stages: memory, files that are already open, opening files (Landlock says which). */
static const int allowed_in_both[] = {
    /* standard streams and files */
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_lseek, SYS_close, SYS_openat,
    SYS_newfstatat, SYS_fstat,
    /* heap and loader; never writable and executable at once, see rules_for_memory */
    SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise,
    /* start of a thread-less process: libc's own bookkeeping */
    SYS_arch_prctl, SYS_set_tid_address, SYS_set_robust_list, SYS_rseq, SYS_getrandom,
    /* clocks that the vDSO could not answer */
    SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_time,
    /* handlers for one's own signals: abort, assert, stack smashing messages */
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_getpid,
    SYS_gettid,
    SYS_exit, SYS_exit_group, SYS_restart_syscall,
    /* a single-threaded libc still uses futexes in stdio locks and exit */
    SYS_futex,
    /* remove() and rename() of one's own files */
    SYS_unlink, SYS_rename, SYS_access,
};

/* The program besides: waiting. */
static const int allowed_in_run[] = {
    SYS_clock_nanosleep, SYS_nanosleep, SYS_getrusage, SYS_times,
#ifdef SYS_open
    SYS_open, SYS_stat, SYS_lstat, /* musl opens and stats by the old names */
#endif
};

/* The compiler besides: it makes, sizes and marks files in the build folder. */
static const int allowed_in_compile[] = {
    SYS_getcwd, SYS_readlink, SYS_ftruncate, SYS_fallocate, SYS_chmod, SYS_fchmod, SYS_umask,
    SYS_unlinkat, SYS_getrusage, SYS_times, SYS_lstat, SYS_stat, SYS_open, SYS_fcntl,
    SYS_pwrite64, SYS_sysinfo, SYS_dup, SYS_mkdir, SYS_uname, SYS_sched_getaffinity,
    SYS_getdents64, /* the linker lists the folders it searches */
};

/* Calls that honest programs make through libc and whose failure libc handles. */
struct refusal {
    int number, error;
};
static const struct refusal failing_in_both[] = {
    /* glibc's qsort asks for the size of memory and takes its own guess instead */
    {SYS_sysinfo, 1 /* EPERM */},
    /* remove() tries rmdir after unlink says EISDIR; Landlock would refuse it anyway */
    {SYS_rmdir, 1},
    /* exit of a musl program and realpath() probe these; both go on without */
    {SYS_readlink, 38 /* ENOSYS */},
    {SYS_fadvise64, 38},
};

#endif
