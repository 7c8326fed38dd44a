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

#include "confine.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* Both stages: memory, files that are already open, opening files (Landlock says which). */
static const int allowed_in_both[] = {
    /* standard streams and files */
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_lseek, SYS_close, SYS_fstat,
    /* heap and loader; never writable and executable at once, see rules_with_arguments */
    SYS_brk, SYS_munmap, SYS_mremap,
    /* start of a thread-less process: libc's own bookkeeping */
    SYS_arch_prctl, SYS_set_tid_address, SYS_set_robust_list, SYS_rseq, SYS_getrandom,
    /* clocks that the vDSO could not answer */
    SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_time,
    /* handlers for one's own signals: abort, assert, stack smashing messages */
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_getpid,
    SYS_gettid,
    SYS_exit, SYS_exit_group, SYS_restart_syscall,
};

/* Of madvise: what allocators say of their own memory. Not MADV_MERGEABLE, by which a host with KSM
 * tells from the time of a write what is in the memory of others. */
static const unsigned allowed_advice[] = {
    MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE,
    MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_DODUMP,
};
/* Of futex: a single-threaded libc still waits and wakes in stdio locks and exit. Not the ones that
 * inherit priority, whose part of the kernel has been a way in (CVE-2014-3153, CVE-2021-3347). */
static const unsigned allowed_futex[] = {
    FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET,
};

/* The program besides: waiting. */
static const int allowed_in_run[] = {
    SYS_clock_nanosleep, SYS_nanosleep, SYS_getrusage, SYS_times,
    /* freopen() and perror() copy descriptors; fcntl's part of it is in rules_with_arguments */
    SYS_dup, SYS_dup2, SYS_dup3,
};

/* A program with sanitizers besides. */
static const int allowed_in_sanitized_run[] = {
    /* libasan asks the kernel whether memory is there by writing it into a pipe */
    SYS_pipe2,
};
/* Of its calls that fail otherwise this one is judged: see introspect.h. */
#define JUDGED_IN_SANITIZED_RUN SYS_readlink

/* The program's calls that name a file: the supervisor reads the name and decides; Landlock stands
 * behind it. Where there are neither notifications nor a tracer they are allowed, and Landlock
 * decides alone. */
struct path_call {
    int number;
    signed char folder, path, other; /* which arguments; -1: it has none */
};
static const struct path_call judged_by_path[] = {
    {SYS_openat, 0, 1, -1},
    {SYS_newfstatat, 0, 1, -1},
    {SYS_open, -1, 0, -1}, /* musl opens and stats by the old names */
    {SYS_stat, -1, 0, -1},
    {SYS_lstat, -1, 0, -1},
    {SYS_access, -1, 0, -1},
    {SYS_unlink, -1, 0, -1}, /* remove() */
    {SYS_rename, -1, 0, 1},
};
/* Of these the compiler's are judged as well, where a tracer has to stand in for Landlock, and the
 * early linker's, which is held at one of them. */
static const int opening[] = {SYS_openat, SYS_open};
static const char *const compiler_folders[] = {"/work",  "/build", "/usr",
                                               "/lib",   "/lib64", "/etc/ld.so.cache"};
static const char *const program_folders[] = {"/work", "/lib", "/lib64", "/etc/ld.so.cache",
                                              LOCALE_FOLDER};
/* What libc and FANN look for in honest programs and can do without: preloads, folders of the
 * loader, the time zone, locales, FANN's seed (it takes the clock instead), a terminal for last
 * words, the only one that is written to. Reads of these just fail. */
#define TERMINAL "/dev/tty"
static const char *const honest_paths[] = {
    "/etc/ld.so.preload",  "/etc/ld-musl-x86_64.path", "/usr/lib",     "/usr/local/lib",
    "/usr/share/zoneinfo", "/usr/share/locale",        "/dev/urandom", TERMINAL,
    "/etc/localtime",
};
/* With this FORTIFY_SOURCE looks whether a format with %n can be written. It takes EACCES for a
 * “no”, and only another error ends the program. */
#define OWN_MAP "/proc/self/maps"

/* The compiler besides: it makes, sizes and marks files in the build folder. */
static const int allowed_in_compile[] = {
    SYS_openat, SYS_newfstatat, SYS_unlink, SYS_rename, SYS_access, SYS_faccessat, SYS_faccessat2,
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
