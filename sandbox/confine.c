#define _GNU_SOURCE
#include "confine.h"
#include "filters.h"
#include "landlock.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the stage filters are written for x86-64"
#endif

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const char *const names[] = {
#include "syscall_names.inc" /* made from this image's own <sys/syscall.h> */
};

const char *syscall_name(int number)
{
    return number >= 0 && number < (int)LENGTH(names) ? names[number] : NULL;
}

bool calls_are_judged(const struct walls *walls)
{
    return walls->notify || walls->trace;
}

/* Resource limits */

static bool limit(int resource, uint64_t value)
{
    struct rlimit both = {value, value};
    return setrlimit(resource, &both) == 0;
}

/* What a program may map where no cgroup counts what it uses: room for what it never touches, and
 * an end to what it takes between two looks of the supervisor. */
static bool limit_memory(uint64_t bytes)
{
    return !bytes || limit(RLIMIT_AS, 4 * bytes);
}

static bool limit_resources(enum stage_kind stage, const struct limits *limits)
{
    /* The shadow of all memory is mapped, terabytes of it, and hardly any of it used. */
    bool shadowed = stage == STAGE_RUN && limits->sanitized;
    return limit_memory(shadowed ? 0 : limits->memory_bytes) && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_FSIZE, limits->file_bytes) &&
           limit(RLIMIT_STACK, limits->stack_bytes) &&
           limit(RLIMIT_NOFILE, limits->open_files) && limit(RLIMIT_CPU, limits->cpu_seconds);
}

/* The system call filter, seccomp(2) */

#define FILTER_ROOM 512
#define ARGUMENT_LOW(n) (offsetof(struct seccomp_data, args[n]))
#define ARGUMENT_HIGH(n) (ARGUMENT_LOW(n) + 4)

struct program {
    struct sock_filter code[FILTER_ROOM];
    unsigned short length;
};

static void emit(struct program *program, uint16_t code, uint32_t value, uint8_t yes, uint8_t no)
{
    program->code[program->length++] = (struct sock_filter){code, yes, no, value};
}

static void load(struct program *program, uint32_t offset)
{
    emit(program, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void answer(struct program *program, uint32_t action)
{
    emit(program, BPF_RET | BPF_K, action, 0, 0);
}

/* For `number`: `action`. Expects the number in the accumulator and leaves it there. */
static void rule(struct program *program, int number, uint32_t action)
{
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
    answer(program, action);
}

/* One 32-bit half of an argument that has to fit. */
struct condition {
    uint32_t offset, mask, value;
};

/* For `number` with every condition met: `action`; with one not met: `otherwise`. */
static void rule_if(struct program *program, int number, const struct condition *conditions,
                    size_t count, uint32_t action, uint32_t otherwise)
{
    /* Each condition is load, and, compare, return: four instructions. */
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, (uint8_t)(count * 4 + 1));
    for (size_t i = 0; i < count; i++) {
        load(program, conditions[i].offset);
        emit(program, BPF_ALU | BPF_AND | BPF_K, conditions[i].mask, 0, 0);
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, conditions[i].value, 1, 0);
        answer(program, otherwise);
    }
    answer(program, action);
}

#define WHOLE 0xffffffffu

/* For `number`: allowed where the masked lower half of `argument` is one of `values`. */
static void rule_for_values(struct program *program, int number, int argument, uint32_t mask,
                            const unsigned *values, size_t count, uint32_t refused)
{
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, (uint8_t)(count + 4));
    load(program, ARGUMENT_LOW(argument));
    emit(program, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
    for (size_t i = 0; i < count; i++)
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, values[i], (uint8_t)(count - i), 0);
    answer(program, refused);
    answer(program, SECCOMP_RET_ALLOW);
}

/* raise() and abort(): a signal to oneself, but not the one that a filter kills with, so that
 * nobody can pretend to have been. `told` is the answer to one that ends a program: see crash.h. */
static void rules_for_signals(struct program *program, uint32_t refused, uint32_t told)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 8 + LENGTH(fatal));
    load(program, ARGUMENT_LOW(2));
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, SIGSYS, 2, 0);
    load(program, ARGUMENT_LOW(0));
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 1, 0);
    answer(program, refused);
    load(program, ARGUMENT_LOW(2));
    for (size_t i = 0; i < LENGTH(fatal); i++)
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)fatal[i],
             (uint8_t)(LENGTH(fatal) - i), 0);
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, told);
}

/* Calls that are needed in part. `code` is the answer to a mapping of code from a file, `told` to
 * a signal that the supervisor wants to know of. */
static void rules_with_arguments(struct program *program, uint32_t refused, uint32_t code,
                                 uint32_t told)
{
    /* W^X: no mapping is ever writable and executable, none becomes executable later, and an
     * executable one comes from a file (the work folder is mounted noexec). */
    struct condition data = {ARGUMENT_LOW(2), PROT_EXEC, 0};
    rule_if(program, SYS_mprotect, &data, 1, SECCOMP_RET_ALLOW, refused);
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 9);
    load(program, ARGUMENT_LOW(2));
    emit(program, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0);
    answer(program, SECCOMP_RET_ALLOW);
    emit(program, BPF_JMP | BPF_JSET | BPF_K, PROT_WRITE, 0, 1);
    answer(program, refused);
    load(program, ARGUMENT_LOW(3));
    emit(program, BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 1);
    answer(program, refused);
    answer(program, code);
    rule_for_values(program, SYS_madvise, 2, WHOLE, allowed_advice, LENGTH(allowed_advice), refused);
    rule_for_values(program, SYS_futex, 1, (uint32_t)FUTEX_CMD_MASK, allowed_futex,
                    LENGTH(allowed_futex), refused);
    /* isatty() asks a terminal for its settings; TIOCSTI and all else is refused. The kernel
     * looks at 32 bits of the request, so the upper ones are not compared (CVE-2019-10063). */
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 5);
    load(program, ARGUMENT_LOW(1));
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, 0x5401 /* TCGETS */, 1, 0);
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, TIOCGWINSZ, 0, 1);
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, refused);
    /* fdopen() asks with which mode a descriptor was opened. */
    struct condition mode = {ARGUMENT_LOW(1), WHOLE, F_GETFL};
    rule_if(program, SYS_fcntl, &mode, 1, SECCOMP_RET_ALLOW, refused);
    /* Reading one's own limits, never setting any. */
    struct condition own_limits[] = {{ARGUMENT_LOW(0), WHOLE, 0},
                                     {ARGUMENT_LOW(2), WHOLE, 0},
                                     {ARGUMENT_HIGH(2), WHOLE, 0}};
    rule_if(program, SYS_prlimit64, own_limits, 3, SECCOMP_RET_ALLOW, refused);
    rules_for_signals(program, refused, told);
}

/* Numbers without a name, between others: nobody could say what was refused there. */
static void kill_unnamed(struct program *program)
{
    for (size_t first = 0; first < LENGTH(names); first++) {
        size_t behind = first;
        while (behind < LENGTH(names) && !names[behind])
            behind++;
        if (behind == first)
            continue;
        emit(program, BPF_JMP | BPF_JGE | BPF_K, (uint32_t)first, 0, 2);
        emit(program, BPF_JMP | BPF_JGE | BPF_K, (uint32_t)behind, 1, 0);
        answer(program, SECCOMP_RET_KILL_PROCESS);
        first = behind;
    }
}

static void allow(struct program *program, const int *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rule(program, numbers[i], SECCOMP_RET_ALLOW);
}

/* Where no supervisor can judge execve: exactly the call that the child is about to make. Its
 * three pointers are of this process's random layout, which the program never sees. */
static void allow_one_exec(struct program *program, const void *path, const void *argv,
                           const void *environment, uint32_t refused)
{
    const uint64_t wanted[] = {(uintptr_t)path, (uintptr_t)argv, (uintptr_t)environment};
    struct condition conditions[6];
    for (int i = 0; i < 3; i++) {
        conditions[2 * i] = (struct condition){ARGUMENT_LOW(i), WHOLE, (uint32_t)wanted[i]};
        conditions[2 * i + 1] =
            (struct condition){ARGUMENT_HIGH(i), WHOLE, (uint32_t)(wanted[i] >> 32)};
    }
    rule_if(program, SYS_execve, conditions, 6, SECCOMP_RET_ALLOW, refused);
}

static bool filter_calls(enum stage_kind stage, const struct walls *walls,
                         const struct limits *limits, const char *path, char *const *argv,
                         char *const *environment, int *listener)
{
    struct program program = {.length = 0};
    uint32_t refused = walls->notify  ? SECCOMP_RET_USER_NOTIF
                       : walls->trace ? SECCOMP_RET_TRACE
                                      : SECCOMP_RET_KILL_PROCESS;
    /* The tracer judges what Landlock and the work folder's noexec do in other kernels. */
    bool stands_in = walls->trace && stage == STAGE_RUN;
    load(&program, offsetof(struct seccomp_data, arch));
    emit(&program, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    answer(&program, SECCOMP_RET_KILL_PROCESS);
    load(&program, offsetof(struct seccomp_data, nr));
    /* x32 calls and numbers newer than this image have no name here. */
    emit(&program, BPF_JMP | BPF_JGE | BPF_K, LENGTH(names), 0, 1);
    answer(&program, SECCOMP_RET_KILL_PROCESS);
    allow(&program, allowed_in_both, LENGTH(allowed_in_both));
    if (stage == STAGE_EARLY ||
        (stage == STAGE_COMPILE && walls->trace && !walls->landlock_abi))
        for (size_t i = 0; i < LENGTH(opening); i++)
            rule(&program, opening[i], refused);
    if (stage == STAGE_RUN)
        allow(&program, allowed_in_run, LENGTH(allowed_in_run));
    else
        allow(&program, allowed_in_compile, LENGTH(allowed_in_compile));
    if (stage == STAGE_RUN && limits->sanitized) {
        allow(&program, allowed_in_sanitized_run, LENGTH(allowed_in_sanitized_run));
        rule(&program, JUDGED_IN_SANITIZED_RUN, refused);
        /* F_GETFL as for everybody, and F_SETFD: libbacktrace marks what it opened for exec. */
        struct condition mode = {ARGUMENT_LOW(1), ~1u, F_SETFD};
        rule_if(&program, SYS_fcntl, &mode, 1, SECCOMP_RET_ALLOW, refused);
    }
    for (size_t i = 0; i < LENGTH(failing_in_both); i++)
        rule(&program, failing_in_both[i].number,
             SECCOMP_RET_ERRNO | (uint32_t)failing_in_both[i].error);
    kill_unnamed(&program);
    rules_with_arguments(&program, refused, stands_in ? refused : SECCOMP_RET_ALLOW,
                         calls_are_judged(walls) ? refused : SECCOMP_RET_ALLOW);
    if (stage == STAGE_RUN && !calls_are_judged(walls))
        for (size_t i = 0; i < LENGTH(judged_by_path); i++)
            rule(&program, judged_by_path[i].number, SECCOMP_RET_ALLOW);
    if (!calls_are_judged(walls))
        allow_one_exec(&program, path, argv, environment, refused);
    answer(&program, refused);

    struct sock_fprog whole = {program.length, program.code};
    unsigned long flags = walls->notify ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &whole);
    *listener = walls->notify ? (int)result : -1;
    return result >= 0;
}

bool confine(enum stage_kind stage, const struct walls *walls, const struct limits *limits,
             const char *path, char *const *argv, char *const *environment, int *listener)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit_resources(stage, limits) &&
           landlock_restrict(stage, walls->landlock_abi) &&
           filter_calls(stage, walls, limits, path, argv, environment, listener);
}
