/* Cloister's supervisor: PID 1 of a sandbox.
 *
 * Theory of operation
 *
 * A container is made for one execution and waits. The server holds its standard input and output;
 * what travels there is in frames.h. The supervisor says which walls this kernel offers (READY)
 * and waits for an order. An order brings files, arguments, limits and the names that the linker
 * may look for; GO ends it. Then:
 *
 *   compile   each unit: cc1 | as, into /build/N.o. Both are started directly, without the gcc
 *             driver and without a shell, each behind its own walls (confine.c).
 *   link      the objects' undefined names must all be in the order's list, whatever the source
 *             looked like; then ld makes /build/program.
 *   run       the program, in main's folder below /work, as an ordinary child: PID 1 would ignore
 *             its own abort(). Interactive runs get a terminal, others get three pipes.
 *   report    files that are new or changed, then the verdict, always the last frame.
 *
 * No process of a sandbox can start another one except this one, so ending a stage is killing one
 * or two known children. When standard input ends the server is gone: the supervisor exits and
 * the kernel ends everything in its pid namespace.
 *
 * A child's refused system call arrives as a notification on that child's filter. The first
 * execve is the one that makes it the compiler or the program; every other one is a blocked call,
 * like everything else that arrives there: it is reported by name and the child is killed while
 * the kernel still holds it inside the call.
 *
 * Output is counted here, below everything that handles it later: past the limit the program is
 * killed, and what it wrote besides is read and thrown away, because a full pipe could block even
 * a kill.
 */
#define _GNU_SOURCE
#include "confine.h"
#include "frames.h"
#include "object.h"
#include "project.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define TOOLS "/usr/lib/cloister/"
#define MAX_ARGUMENTS 1024
#define MAX_UNITS 128
#define READ_CHUNK 32768
/* Output that follows other output this soon is gathered into one frame. */
#define GATHER_MS 8
/* How often an interactive program is asked whether it waits for its person. */
#define WATCH_MS 20

/* Orders */

static struct {
    bool interactive, link_check, extended_headers, show_warnings;
    uint64_t compile_ms, run_ms, idle_ms, output_bytes, compiler_output_bytes, stdin_bytes;
    uint64_t columns, rows, output_files, output_file_bytes;
    struct limits limits;
    char folder[512], library[64];
    char *argument[MAX_ARGUMENTS + 2];
    size_t arguments;
    char *unit[MAX_UNITS];
    size_t units;
    struct names symbols;
} order;

static struct frame_reader reader;
static struct walls walls;
static int child_signals = -1;

static void die(const char *reason)
{
    frames_print(EVENT_VERDICT, "cause=supervisor\nreason=%s\n", reason);
    _exit(70);
}

static int64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static char *copy_text(const uint8_t *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (!copy)
        die("out of memory");
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static void set_nonce(const char *hex)
{
    uint8_t nonce[NONCE_BYTES] = {0};
    for (int i = 0; i < NONCE_BYTES; i++)
        if (sscanf(hex + 2 * i, "%2hhx", &nonce[i]) != 1)
            die("bad nonce");
    frames_use_nonce(nonce);
}

static void configure(const char *key, const char *value)
{
    const struct {
        const char *key;
        uint64_t *target;
    } numbers[] = {
        {"compile_ms", &order.compile_ms},
        {"run_ms", &order.run_ms},
        {"idle_ms", &order.idle_ms},
        {"output_bytes", &order.output_bytes},
        {"compiler_output_bytes", &order.compiler_output_bytes},
        {"stdin_bytes", &order.stdin_bytes},
        {"columns", &order.columns},
        {"rows", &order.rows},
        {"output_files", &order.output_files},
        {"output_file_bytes", &order.output_file_bytes},
        {"file_bytes", &order.limits.file_bytes},
        {"stack_bytes", &order.limits.stack_bytes},
        {"open_files", &order.limits.open_files},
        {"cpu_seconds", &order.limits.cpu_seconds},
    };
    const struct {
        const char *key;
        bool *target;
    } switches[] = {
        {"interactive", &order.interactive},
        {"link_check", &order.link_check},
        {"extended_headers", &order.extended_headers},
        {"show_warnings", &order.show_warnings},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strcmp(key, numbers[i].key))
            *numbers[i].target = strtoull(value, NULL, 10);
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (!strcmp(key, switches[i].key))
            *switches[i].target = !strcmp(value, "1");
    if (!strcmp(key, "nonce"))
        set_nonce(value);
    else if (!strcmp(key, "folder"))
        snprintf(order.folder, sizeof order.folder, "%s", value);
    else if (!strcmp(key, "library"))
        snprintf(order.library, sizeof order.library, "%s", value);
}

static void take_config(const struct frame *frame)
{
    char *text = copy_text(frame->payload, frame->length);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char *value = strchr(line, '=');
        if (!value)
            die("bad configuration");
        *value++ = '\0';
        configure(line, value);
    }
    free(text);
}

static void take_symbols(const struct frame *frame)
{
    if (!frame->length || frame->payload[frame->length - 1])
        die("bad symbol list");
    const char *text = copy_text(frame->payload, frame->length);
    for (size_t at = 0; at < frame->length; at += strlen(text + at) + 1)
        names_add(&order.symbols, text + at);
    names_sort(&order.symbols);
}

/* True when the order is complete. */
static bool take_order(const struct frame *frame)
{
    switch (frame->type) {
    case ORDER_CONFIG:
        take_config(frame);
        break;
    case ORDER_ARGUMENT:
        if (order.arguments == MAX_ARGUMENTS)
            die("too many arguments");
        order.argument[1 + order.arguments++] = copy_text(frame->payload, frame->length);
        break;
    case ORDER_FILE:
        if (!project_write(frame->payload, frame->length))
            die("a file could not be written");
        break;
    case ORDER_UNIT:
        if (order.units == MAX_UNITS)
            die("too many C files");
        order.unit[order.units++] = copy_text(frame->payload, frame->length);
        break;
    case ORDER_SYMBOLS:
        take_symbols(frame);
        break;
    case ORDER_GO:
        return true;
    default:
        die("unexpected order");
    }
    return false;
}

static void await_order(void)
{
    struct frame frame;
    for (;;) {
        while (frames_next(&reader, &frame))
            if (take_order(&frame))
                return;
        if (frames_fill(&reader) < 0)
            _exit(0); /* the server is gone or does not need this sandbox any more */
    }
}

/* Children */

struct child {
    pid_t pid;
    int notifications; /* of its filter, or -1 */
    bool started;      /* its one execve went through */
    bool alive;
    int status;
    struct rusage usage;
};

struct streams {
    int input, output, errors;
    bool terminal;
};

static const char *const compile_environment[] = {"PATH=" TOOLS, "LANG=C.UTF-8", "TMPDIR=" BUILD_FOLDER,
                                                  NULL};
static const char *const run_environment[] = {"LANG=C.UTF-8", "TERM=xterm-256color", NULL};

static void become(enum stage stage, char *const *argv, const struct streams *streams,
                   const char *folder, int report)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    if (streams->terminal)
        ioctl(streams->input, TIOCSCTTY, 0);
    /* The supervisor may fetch the listener only from a process that allows inspection; exec
     * would switch that on anyway. */
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    /* If memory runs out this process is the one to go, never the supervisor. */
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    bool ready = score >= 0 && write(score, "1000", 4) == 4 && chdir(folder) == 0;
    dup2(streams->input, STDIN_FILENO);
    dup2(streams->output, STDOUT_FILENO);
    dup2(streams->errors, STDERR_FILENO);
    dup2(report, 3);
    ready = ready && syscall(SYS_close_range, 4, ~0u, 0) == 0 && fcntl(3, F_SETFD, FD_CLOEXEC) == 0;
    char *const *environment =
        (char *const *)(stage == STAGE_RUN ? run_environment : compile_environment);
    const char *path = stage == STAGE_RUN ? PROGRAM_PATH : argv[0];
    int listener = -1;
    ready = ready &&
            confine(stage, &walls, &order.limits, path, argv, environment, &listener);
    struct {
        int ready, listener;
    } word = {ready, listener};
    if (write(3, &word, sizeof word) == sizeof word && ready)
        execve(path, argv, environment);
    _exit(127);
}

/* Fetch the listener's descriptor out of the child: pidfd_getfd(2). */
static int fetch(pid_t pid, int descriptor)
{
    int process = (int)syscall(SYS_pidfd_open, pid, 0);
    int fetched = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, descriptor, 0);
    if (process >= 0)
        close(process);
    return fetched;
}

static void start(struct child *child, enum stage stage, char *const *argv,
                  const struct streams *streams, const char *folder)
{
    int report[2];
    if (pipe2(report, O_CLOEXEC))
        die("no pipe");
    *child = (struct child){.pid = fork(), .notifications = -1, .alive = true};
    if (child->pid == 0)
        become(stage, argv, streams, folder, report[1]);
    close(report[1]);
    struct {
        int ready, listener;
    } word = {0};
    if (child->pid < 0 || read(report[0], &word, sizeof word) != sizeof word || !word.ready)
        die("the walls could not be put up");
    close(report[0]);
    if (!walls.notify)
        return;
    child->notifications = fetch(child->pid, word.listener);
    if (child->notifications < 0)
        die("no notifications from the filter");
}

/* A stage in progress: what is watched, and why it ended */

enum cause { NONE, TIME, IDLE, OUTPUT, BLOCKED, STOPPED };

static struct {
    struct child child[2];
    int children;
    struct {
        int descriptor;
        enum event_type type;
        int64_t last_sent_us;
    } output[2];
    uint64_t kept, allowed; /* bytes of output */
    bool cut;
    int input; /* the program's standard input, or -1 */
    bool terminal;
    int64_t began_us, looked_us, charged_us, waited_us;
    enum cause cause;
} stage;

/* Standard input on its way to the program; it may come before the program is there. */
static struct {
    uint8_t *bytes;
    size_t used;
    bool ended;
} typed;

static void kill_children(int signal)
{
    for (int i = 0; i < stage.children; i++)
        if (stage.child[i].alive)
            kill(stage.child[i].pid, signal);
}

static void end_stage(enum cause cause)
{
    if (stage.cause == NONE)
        stage.cause = cause;
    kill_children(SIGKILL);
}

static void reap(void)
{
    struct signalfd_siginfo drained;
    while (read(child_signals, &drained, sizeof drained) > 0)
        ;
    for (int i = 0; i < stage.children; i++) {
        struct child *child = &stage.child[i];
        if (child->alive &&
            wait4(child->pid, &child->status, WNOHANG, &child->usage) == child->pid)
            child->alive = false;
    }
}

static bool anyone_alive(void)
{
    for (int i = 0; i < stage.children; i++)
        if (stage.child[i].alive)
            return true;
    return false;
}

static void judge_call(struct child *child)
{
    struct seccomp_notif call = {0};
    if (ioctl(child->notifications, SECCOMP_IOCTL_NOTIF_RECV, &call))
        return; /* it died in the meantime */
    if (call.data.nr == SYS_execve && !child->started) {
        struct seccomp_notif_resp go_on = {.id = call.id,
                                           .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        child->started = true;
        ioctl(child->notifications, SECCOMP_IOCTL_NOTIF_SEND, &go_on);
        return;
    }
    const char *name = syscall_name(call.data.nr);
    if (stage.cause == NONE)
        frames_print(EVENT_BLOCKED,
                     "name=%s\nnumber=%d\narguments=%llx %llx %llx %llx %llx %llx\naddress=%llx\n",
                     name ? name : "", call.data.nr, call.data.args[0], call.data.args[1],
                     call.data.args[2], call.data.args[3], call.data.args[4], call.data.args[5],
                     call.data.instruction_pointer);
    end_stage(BLOCKED);
}

/* Read once from an output; false when it has nothing (more) to give. */
static bool relay(int index)
{
    uint8_t bytes[READ_CHUNK];
    int descriptor = stage.output[index].descriptor;
    ssize_t count = read(descriptor, bytes, sizeof bytes);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (count <= 0) { /* a terminal ends with EIO */
        close(descriptor);
        stage.output[index].descriptor = -1;
        return false;
    }
    uint64_t room = stage.allowed - stage.kept;
    size_t kept = (uint64_t)count < room ? (size_t)count : (size_t)room;
    stage.kept += kept;
    if (kept)
        frames_send(stage.output[index].type, bytes, kept);
    stage.output[index].last_sent_us = now_us();
    if (kept < (size_t)count) {
        stage.cut = true;
        /* A flood of messages is no reason to stop a compiler that may be about to succeed. */
        if (stage.output[index].type != EVENT_COMPILER)
            end_stage(OUTPUT);
    }
    return true;
}

static void close_input(void)
{
    close(stage.input);
    stage.input = -1;
}

static void feed(void)
{
    while (typed.used) {
        ssize_t written = write(stage.input, typed.bytes, typed.used);
        if (written < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (written < 0) { /* the program closed its end; nobody will read the rest */
            typed.used = 0;
            break;
        }
        typed.used -= (size_t)written;
        memmove(typed.bytes, typed.bytes + written, typed.used);
    }
    if (typed.ended)
        close_input();
}

static void queue_input(const uint8_t *bytes, size_t length)
{
    if (typed.ended)
        return;
    if (!typed.bytes && !(typed.bytes = malloc(order.stdin_bytes)))
        die("out of memory");
    if (length > order.stdin_bytes - typed.used)
        length = order.stdin_bytes - typed.used;
    memcpy(typed.bytes + typed.used, bytes, length);
    typed.used += length;
}

static void queue_end(void)
{
    static const uint8_t end_of_transmission = 4; /* Ctrl-D, what VEOF is set to */
    if (order.interactive)
        queue_input(&end_of_transmission, 1);
    else
        typed.ended = true;
}

static void obey(const struct frame *frame)
{
    struct winsize size = {0};
    switch (frame->type) {
    case ORDER_STDIN:
        queue_input(frame->payload, frame->length);
        break;
    case ORDER_EOF:
        queue_end();
        break;
    case ORDER_SIGNAL:
        if (frame->length == 1 && stage.input >= 0)
            kill_children(frame->payload[0]);
        break;
    case ORDER_RESIZE:
        if (frame->length == 4) {
            size.ws_col = order.columns = (unsigned)(frame->payload[0] << 8 | frame->payload[1]);
            size.ws_row = order.rows = (unsigned)(frame->payload[2] << 8 | frame->payload[3]);
            if (stage.terminal && stage.input >= 0)
                ioctl(stage.input, TIOCSWINSZ, &size);
        }
        break;
    case ORDER_STOP:
        end_stage(STOPPED);
        break;
    default:
        die("unexpected order");
    }
}

static void obey_all(void)
{
    struct frame frame;
    while (frames_next(&reader, &frame))
        obey(&frame);
}

static void listen_to_server(void)
{
    if (frames_fill(&reader) < 0)
        _exit(0);
    obey_all();
}

/* Whether the program sits in read(0, …): then a person is on turn. proc(5), /proc/pid/syscall. */
static bool waits_for_person(void)
{
    char path[64], text[64] = "";
    snprintf(path, sizeof path, "/proc/%d/syscall", stage.child[0].pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    char expected[32];
    snprintf(expected, sizeof expected, "%d 0x0 ", SYS_read);
    return length > 0 && !strncmp(text, expected, strlen(expected));
}

static void charge_time(uint64_t limit_ms)
{
    int64_t now = now_us(), passed = now - stage.looked_us;
    stage.looked_us = now;
    if (stage.terminal && stage.input >= 0 && !typed.used && waits_for_person()) {
        stage.waited_us += passed;
        if (stage.waited_us > (int64_t)order.idle_ms * 1000)
            end_stage(IDLE);
        return;
    }
    stage.waited_us = 0;
    stage.charged_us += passed;
    if (stage.charged_us > (int64_t)limit_ms * 1000)
        end_stage(TIME);
}

/* Milliseconds until something is due even if nothing happens. */
static int patience(uint64_t limit_ms)
{
    if (stage.terminal)
        return WATCH_MS;
    int64_t left = (int64_t)limit_ms - stage.charged_us / 1000 + 1;
    return left < 1 ? 1 : left > 1000 ? 1000 : (int)left;
}

enum { WATCH_SERVER, WATCH_CHILDREN, WATCH_INPUT, WATCH_OUTPUT, WATCH_CALLS = WATCH_OUTPUT + 2,
       WATCHED = WATCH_CALLS + 2 };

static int prepare_watch(struct pollfd *watch, int wait)
{
    watch[WATCH_SERVER] = (struct pollfd){STDIN_FILENO, POLLIN, 0};
    watch[WATCH_CHILDREN] = (struct pollfd){child_signals, POLLIN, 0};
    watch[WATCH_INPUT] =
        (struct pollfd){typed.used || typed.ended ? stage.input : -1, POLLOUT, 0};
    int64_t now = now_us();
    for (int i = 0; i < 2; i++) {
        int64_t due = (stage.output[i].last_sent_us + GATHER_MS * 1000 - now + 999) / 1000;
        bool gather = stage.output[i].descriptor >= 0 && due > 0;
        if (gather && due < wait)
            wait = (int)due;
        watch[WATCH_OUTPUT + i] =
            (struct pollfd){gather ? -1 : stage.output[i].descriptor, POLLIN, 0};
        bool calls = i < stage.children && stage.child[i].alive;
        watch[WATCH_CALLS + i] =
            (struct pollfd){calls ? stage.child[i].notifications : -1, POLLIN, 0};
    }
    return wait;
}

/* Watch over the stage's children until all have ended and all output is read. */
static void watch_over(uint64_t limit_ms)
{
    struct pollfd watch[WATCHED];
    obey_all(); /* what came along with the order */
    while (anyone_alive()) {
        int wait = prepare_watch(watch, patience(limit_ms));
        if (poll(watch, WATCHED, wait) < 0 && errno != EINTR)
            die("poll failed");
        for (int i = 0; i < 2; i++)
            if (watch[WATCH_CALLS + i].revents & POLLIN)
                judge_call(&stage.child[i]);
        for (int i = 0; i < 2; i++)
            if (watch[WATCH_OUTPUT + i].revents)
                relay(i);
        if (watch[WATCH_INPUT].revents)
            feed();
        if (watch[WATCH_SERVER].revents)
            listen_to_server();
        if (watch[WATCH_CHILDREN].revents)
            reap();
        charge_time(limit_ms);
    }
    for (int i = 0; i < 2; i++)
        while (stage.output[i].descriptor >= 0 && relay(i))
            ;
}

static void begin_stage(uint64_t allowed)
{
    memset(&stage, 0, sizeof stage);
    stage.input = stage.output[0].descriptor = stage.output[1].descriptor = -1;
    stage.allowed = allowed;
    stage.began_us = stage.looked_us = now_us();
}

static void close_stage(void)
{
    for (int i = 0; i < stage.children; i++)
        if (stage.child[i].notifications >= 0)
            close(stage.child[i].notifications);
    for (int i = 0; i < 2; i++)
        if (stage.output[i].descriptor >= 0)
            close(stage.output[i].descriptor);
    if (stage.input >= 0 && stage.input != stage.output[0].descriptor)
        close(stage.input);
}

/* Memory: cgroup v2 and v1 count the kills of the out-of-memory killer. */

static long oom_kills(void)
{
    static const char *const files[] = {"/sys/fs/cgroup/memory.events",
                                        "/sys/fs/cgroup/memory/memory.oom_control"};
    for (size_t i = 0; i < 2; i++) {
        FILE *file = fopen(files[i], "re");
        if (!file)
            continue;
        char line[128];
        long kills = -1;
        while (fgets(line, sizeof line, file))
            sscanf(line, "oom_kill %ld", &kills);
        fclose(file);
        return kills;
    }
    return -1;
}

/* The verdict */

static struct {
    int64_t compile_us;
    long oom_kills_before;
} account;

static const char *cause_of_end(const struct child *child)
{
    static const char *const by_cause[] = {
        [TIME] = "timeout", [IDLE] = "idle", [OUTPUT] = "output", [BLOCKED] = "blocked",
        [STOPPED] = "stopped"};
    if (stage.cause != NONE)
        return by_cause[stage.cause];
    if (WIFSIGNALED(child->status) && WTERMSIG(child->status) == SIGKILL &&
        oom_kills() > account.oom_kills_before)
        return "memory";
    if (WIFSIGNALED(child->status) && WTERMSIG(child->status) == SIGXCPU)
        return "timeout";
    return WIFSIGNALED(child->status) ? "signal" : "exit";
}

static int64_t cpu_us(const struct rusage *usage)
{
    return (int64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 +
           usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

static void conclude(const char *stage_name, const char *cause, const struct child *child,
                     int64_t run_us, uint64_t output_bytes)
{
    frames_print(EVENT_VERDICT,
                 "stage=%s\ncause=%s\nexit=%d\nsignal=%d\ncompile_us=%lld\nrun_us=%lld\n"
                 "cpu_us=%lld\npeak_kib=%ld\noutput_bytes=%llu\ntruncated=%d\n",
                 stage_name, cause, WIFEXITED(child->status) ? WEXITSTATUS(child->status) : -1,
                 WIFSIGNALED(child->status) ? WTERMSIG(child->status) : 0,
                 (long long)account.compile_us, (long long)run_us, (long long)cpu_us(&child->usage),
                 child->usage.ru_maxrss, (unsigned long long)output_bytes, stage.cut);
    _exit(0);
}

/* Compile and link */

struct command {
    char *argument[MAX_ARGUMENTS];
    size_t count;
};

static void add(struct command *command, char *argument)
{
    if (command->count + 1 == MAX_ARGUMENTS)
        die("too many arguments for the compiler");
    command->argument[command->count++] = argument;
}

/* Append the lines of a file of the image; a line that is a marker stands for `values`. */
static void add_lines(struct command *command, const char *name, const char *marker,
                      char *const *values)
{
    char path[128];
    snprintf(path, sizeof path, TOOLS "%s", name);
    FILE *file = fopen(path, "re");
    if (!file)
        die("the image is incomplete");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, file)) > 0) {
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (marker && !strcmp(line, marker))
            for (char *const *value = values; *value; value++)
                add(command, *value);
        else
            add(command, strdup(line));
    }
    free(line);
    fclose(file);
}

static void check_compiled(int64_t deadline_ms)
{
    watch_over(deadline_ms > 1 ? (uint64_t)deadline_ms : 1);
    account.compile_us += now_us() - stage.began_us;
    for (int i = 0; i < stage.children; i++) {
        const struct child *child = &stage.child[i];
        if (stage.cause != NONE || child->status)
            conclude("compile", cause_of_end(child), child, 0, 0);
    }
    close_stage();
}

static int64_t compile_time_left(void)
{
    return (int64_t)order.compile_ms - account.compile_us / 1000;
}

static uint64_t compiler_output_left;

static void begin_compile(int *messages)
{
    begin_stage(compiler_output_left);
    if (pipe2(messages, O_CLOEXEC))
        die("no pipe");
    stage.output[0].descriptor = messages[0];
    stage.output[0].type = EVENT_COMPILER;
    fcntl(messages[0], F_SETFL, O_NONBLOCK);
}

static void compile(size_t index, char *object)
{
    struct command compiler = {0}, assembler = {0};
    add_lines(&compiler, "cc1.args", NULL, NULL);
    add_lines(&compiler, order.extended_headers ? "headers-extended.args" : "headers-default.args",
              NULL, NULL);
    if (order.show_warnings)
        add(&compiler, "-Wno-error");
    add(&compiler, order.unit[index]);
    add_lines(&assembler, "as.args", "@OBJECT@", (char *[]){object, NULL});

    int messages[2], assembly[2], nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    begin_compile(messages);
    if (nothing < 0 || pipe2(assembly, O_CLOEXEC))
        die("no pipe");
    struct streams of_compiler = {nothing, assembly[1], messages[1], false};
    struct streams of_assembler = {assembly[0], messages[1], messages[1], false};
    stage.children = 2;
    start(&stage.child[0], STAGE_COMPILE, compiler.argument, &of_compiler, PROJECT_FOLDER);
    start(&stage.child[1], STAGE_COMPILE, assembler.argument, &of_assembler, BUILD_FOLDER);
    close(assembly[0]), close(assembly[1]), close(messages[1]), close(nothing);
    check_compiled(compile_time_left());
    compiler_output_left -= stage.kept;
}

/* Whether the objects want a name that is not on the order's list; each such name is reported. */
static bool symbols_refused(char *const *objects)
{
    struct names defined = {0}, undefined = {0};
    for (char *const *object = objects; *object; object++)
        if (!object_symbols(*object, &defined, &undefined))
            die("the object could not be read");
    names_sort(&defined);
    names_sort(&undefined);
    bool refused = false;
    for (size_t i = 0; i < undefined.count; i++) {
        const char *name = undefined.item[i];
        if ((i && !strcmp(name, undefined.item[i - 1])) || names_have(&defined, name) ||
            names_have(&order.symbols, name))
            continue;
        frames_send(EVENT_SYMBOL, name, strnlen(name, 256));
        refused = true;
    }
    return refused;
}

static void link_program(char *const *objects)
{
    struct command linker = {0}, whole = {0};
    char *libraries[] = {order.library[0] ? order.library : NULL, NULL};
    add_lines(&linker, "ld.args", "@OBJECTS@", objects);
    for (size_t i = 0; i < linker.count; i++) {
        if (strcmp(linker.argument[i], "@LIBRARY@"))
            add(&whole, linker.argument[i]);
        else if (libraries[0])
            add(&whole, libraries[0]);
    }
    int messages[2], nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    begin_compile(messages);
    struct streams streams = {nothing, messages[1], messages[1], false};
    stage.children = 1;
    start(&stage.child[0], STAGE_COMPILE, whole.argument, &streams, BUILD_FOLDER);
    close(messages[1]), close(nothing);
    check_compiled(compile_time_left());
    for (char *const *object = objects; *object; object++)
        unlink(*object); /* its memory is the program's */
}

static void build(void)
{
    static char name[MAX_UNITS][sizeof BUILD_FOLDER + 16];
    char *objects[MAX_UNITS + 1] = {NULL};
    compiler_output_left = order.compiler_output_bytes;
    frames_print(EVENT_STAGE, "compile");
    for (size_t i = 0; i < order.units; i++) {
        snprintf(name[i], sizeof name[i], BUILD_FOLDER "/%zu.o", i);
        objects[i] = name[i];
        compile(i, objects[i]);
    }
    frames_print(EVENT_STAGE, "link");
    bool refused = order.link_check && symbols_refused(objects);
    link_program(objects);
    /* Linked all the same, so that a function that was merely forgotten is the linker's error. */
    if (refused)
        conclude("link", "symbols", &(struct child){.status = 0}, 0, 0);
}

/* Run */

static void open_terminal(struct streams *streams)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    char name[64];
    if (master < 0 || grantpt(master) || unlockpt(master) || ptsname_r(master, name, sizeof name))
        die("no terminal");
    int slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios settings;
    if (slave < 0 || tcgetattr(slave, &settings))
        die("no terminal");
    settings.c_iflag |= IUTF8; /* Backspace takes a whole character */
    tcsetattr(slave, TCSANOW, &settings);
    struct winsize size = {.ws_col = (unsigned short)order.columns,
                           .ws_row = (unsigned short)order.rows};
    ioctl(master, TIOCSWINSZ, &size);
    *streams = (struct streams){slave, slave, slave, true};
    stage.terminal = true;
    stage.input = master;
    stage.output[0].descriptor = fcntl(master, F_DUPFD_CLOEXEC, 3);
    stage.output[0].type = EVENT_STDOUT;
}

static void open_pipes(struct streams *streams)
{
    int input[2], output[2], errors[2];
    if (pipe2(input, O_CLOEXEC) || pipe2(output, O_CLOEXEC) || pipe2(errors, O_CLOEXEC))
        die("no pipe");
    *streams = (struct streams){input[0], output[1], errors[1], false};
    stage.input = input[1];
    stage.output[0].descriptor = output[0];
    stage.output[0].type = EVENT_STDOUT;
    stage.output[1].descriptor = errors[0];
    stage.output[1].type = EVENT_STDERR;
    fcntl(stage.input, F_SETFL, O_NONBLOCK);
    fcntl(output[0], F_SETFL, O_NONBLOCK);
    fcntl(errors[0], F_SETFL, O_NONBLOCK);
}

static void run(void)
{
    struct streams streams;
    char folder[sizeof order.folder + sizeof PROJECT_FOLDER + 1];
    snprintf(folder, sizeof folder, PROJECT_FOLDER "/%s", order.folder);
    begin_stage(order.output_bytes);
    if (order.interactive)
        open_terminal(&streams);
    else
        open_pipes(&streams);
    order.argument[0] = "./program";
    frames_print(EVENT_STAGE, "run");
    account.oom_kills_before = oom_kills();
    stage.children = 1;
    start(&stage.child[0], STAGE_RUN, order.argument, &streams, folder);
    stage.began_us = stage.looked_us = now_us();
    close(streams.input);
    if (!streams.terminal)
        close(streams.output), close(streams.errors);
    watch_over(order.run_ms);
    int64_t run_us = now_us() - stage.began_us;
    struct child child = stage.child[0];
    const char *cause = cause_of_end(&child);
    project_report(order.output_files, order.output_file_bytes);
    conclude("run", cause, &child, run_us, stage.kept);
}

int main(void)
{
    sigset_t children;
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* the program must not look into this process */
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    child_signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (child_signals < 0)
        die("no signal descriptor");
    walls = walls_probe();
    frames_print(EVENT_READY, "version=1\nlandlock=%d\nnotify=%d\nseccomp=%d\noom_events=%d\n",
                 walls.landlock_abi, walls.notify, walls.seccomp, oom_kills() >= 0);
    await_order();
    account.oom_kills_before = oom_kills();
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    build();
    run();
}
