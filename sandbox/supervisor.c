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
 * the kernel still holds it inside the call. Where the kernel has no notifications (gVisor) the
 * supervisor is the children's tracer and judges the same calls (trace.c, mounts.c).
 *
 * Output is counted here, below everything that handles it later: past the limit the program is
 * killed, and what it wrote besides is read and thrown away, because a full pipe could block even
 * a kill.
 */
#define _GNU_SOURCE
#include "child.h"
#include "confine.h"
#include "frames.h"
#include "memory.h"
#include "object.h"
#include "opened.h"
#include "order.h"
#include "project.h"
#include "stage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static struct walls walls;

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

static int64_t cpu_us(const struct rusage *usage)
{
    return (int64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 +
           usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

static const char *cause_of_end(const struct child *child)
{
    static const char *const by_cause[] = {
        [TIME] = "timeout", [IDLE] = "idle", [SESSION] = "session", [OUTPUT] = "output", [BLOCKED] = "blocked",
        [STOPPED] = "stopped", [MEMORY] = "memory"};
    if (stage.cause != NONE)
        return by_cause[stage.cause];
    if (WIFSIGNALED(child->status) && WTERMSIG(child->status) == SIGKILL &&
        oom_kills() > account.oom_kills_before)
        return "memory";
    if (WIFSIGNALED(child->status) && WTERMSIG(child->status) == SIGXCPU &&
        cpu_us(&child->usage) >= (int64_t)order.limits.cpu_seconds * 1000000)
        return "timeout";
    return WIFSIGNALED(child->status) ? "signal" : "exit";
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
    stage_watch(deadline_ms > 1 ? (uint64_t)deadline_ms : 1);
    account.compile_us += now_us() - stage.began_us;
    const struct child *failed = NULL;
    for (int i = 0; i < stage.children; i++) {
        const struct child *child = &stage.child[i];
        if (WIFEXITED(child->status) && WEXITSTATUS(child->status) == NOT_STARTED)
            die("the compiler could not be started");
        /* The compiler comes first: half of its text is an error for the assembler. But whoever
         * died of a broken pipe, died of the other one's death. */
        bool after_a_pipe = failed && WIFSIGNALED(failed->status) &&
                            WTERMSIG(failed->status) == SIGPIPE;
        if (child->status && (!failed || after_a_pipe))
            failed = child;
    }
    if (stage.cause != NONE || failed) {
        const struct child *child = failed ? failed : &stage.child[0];
        conclude("compile", cause_of_end(child), child, 0, 0);
    }
    stage_close();
}

static int64_t compile_time_left(void)
{
    return (int64_t)order.compile_ms - account.compile_us / 1000;
}

static uint64_t compiler_output_left;

static void begin_compile(int *messages)
{
    stage_begin(STAGE_COMPILE, BUILD_FOLDER, compiler_output_left);
    if (pipe2(messages, O_CLOEXEC))
        die("no pipe");
    stage.output[0].descriptor = messages[0];
    stage.output[0].type = EVENT_COMPILER;
    fcntl(messages[0], F_SETFL, O_NONBLOCK);
}

static void compile(size_t index, char *object, char *dependencies)
{
    struct command compiler = {0}, assembler = {0};
    add_lines(&compiler, "cc1.args", NULL, NULL);
    add_lines(&compiler, order.extended_headers ? "headers-extended.args" : "headers-default.args",
              NULL, NULL);
    if (order.show_warnings)
        add(&compiler, "-Wno-error");
    add(&compiler, "-MD");
    add(&compiler, dependencies);
    add(&compiler, order.unit[index]);
    add_lines(&assembler, "as.args", "@OBJECT@", (char *[]){object, NULL});

    int messages[2], assembly[2], nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    begin_compile(messages);
    if (nothing < 0 || pipe2(assembly, O_CLOEXEC))
        die("no pipe");
    struct streams of_compiler = {nothing, assembly[1], messages[1], false};
    struct streams of_assembler = {assembly[0], messages[1], messages[1], false};
    stage.children = 2;
    child_start(&stage.child[0], STAGE_COMPILE, &walls, &order.limits, compiler.argument, &of_compiler, PROJECT_FOLDER);
    child_start(&stage.child[1], STAGE_COMPILE, &walls, &order.limits, assembler.argument, &of_assembler, BUILD_FOLDER);
    close(assembly[0]), close(assembly[1]), close(messages[1]), close(nothing);
    check_compiled(compile_time_left());
    compiler_output_left -= stage.kept;
}

static bool refused; /* something that the compiler made; its word for it was sent */

/* Macros write ten thousand bad names in a line: the first of them say enough. */
#define MOST_REFUSALS 100

static bool worth_telling(void)
{
    static int told;
    refused = true;
    return told++ < MOST_REFUSALS;
}

static void refuse(const char *what, const char *name)
{
    if (worth_telling())
        frames_send2(EVENT_OBJECT, what, strlen(what) + 1, name, strnlen(name, 256));
}

static void check_objects(char *const *objects)
{
    struct names defined = {0}, undefined = {0};
    for (char *const *object = objects; *object; object++)
        if (!object_read(*object, &defined, &undefined, refuse))
            die("the object could not be read");
    names_sort(&defined);
    names_sort(&undefined);
    for (size_t i = 0; i < undefined.count; i++) {
        const char *name = undefined.item[i];
        if ((i && !strcmp(name, undefined.item[i - 1])) || names_have(&defined, name) ||
            names_have(&order.symbols, name))
            continue;
        if (worth_telling())
            frames_send(EVENT_SYMBOL, name, strnlen(name, 256));
    }
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
    child_start(&stage.child[0], STAGE_COMPILE, &walls, &order.limits, whole.argument, &streams, BUILD_FOLDER);
    close(messages[1]), close(nothing);
    check_compiled(compile_time_left());
    for (char *const *object = objects; *object; object++)
        unlink(*object); /* its memory is the program's */
}

static void build(void)
{
    static char name[MAX_UNITS][sizeof BUILD_FOLDER + 16];
    static char dependencies[] = BUILD_FOLDER "/dependencies";
    char *objects[MAX_UNITS + 1] = {NULL};
    compiler_output_left = order.compiler_output_bytes;
    frames_print(EVENT_STAGE, "compile");
    for (size_t i = 0; i < order.units; i++) {
        snprintf(name[i], sizeof name[i], BUILD_FOLDER "/%zu.o", i);
        objects[i] = name[i];
        compile(i, objects[i], dependencies);
        if (order.link_check && !opened_only_allowed(dependencies))
            refused = true;
    }
    frames_print(EVENT_STAGE, "link");
    if (order.link_check)
        check_objects(objects);
    link_program(objects);
    /* Linked all the same, so that a function that was merely forgotten is the linker's error. */
    if (refused)
        conclude("link", "refused", &(struct child){.status = 0}, 0, 0);
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
    stage_begin(STAGE_RUN, folder, order.output_bytes);
    if (order.interactive)
        open_terminal(&streams);
    else
        open_pipes(&streams);
    order.argument[0] = "./program";
    frames_print(EVENT_STAGE, "run");
    account.oom_kills_before = oom_kills();
    stage.children = 1;
    child_start(&stage.child[0], STAGE_RUN, &walls, &order.limits, order.argument, &streams, folder);
    stage.began_us = stage.looked_us = now_us();
    close(streams.input);
    if (!streams.terminal)
        close(streams.output), close(streams.errors);
    stage_watch(order.run_ms);
    int64_t run_us = now_us() - stage.began_us;
    struct child child = stage.child[0];
    const char *cause = cause_of_end(&child);
    struct statvfs space;
    /* No inodes at all: this file system does not count them, as gVisor's. */
    if (statvfs(PROJECT_FOLDER, &space) == 0 &&
        (!space.f_bavail || (space.f_files && !space.f_favail)))
        frames_print(EVENT_LIMIT, "work-space");
    project_report(order.output_files, order.output_file_bytes);
    conclude("run", cause, &child, run_us, stage.kept);
}

int main(void)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* the program must not look into this process */
    signal(SIGPIPE, SIG_IGN);
    /* A write that may block would outlast FRAME_STALL_MS. */
    fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
    stage_listen();
    walls = walls_probe();
    bool cgroup = oom_kills() >= 0;
    frames_print(EVENT_READY,
                 "version=1\nlandlock=%d\nnotify=%d\ntrace=%d\nseccomp=%d\noom_events=%d\n"
                 "gvisor=%d\n",
                 walls.landlock_abi, walls.notify, walls.trace, walls.seccomp, cgroup,
                 walls.gvisor);
    order_await();
    if (cgroup && memory_is_limited(order.limits.memory_bytes))
        order.limits.memory_bytes = 0;
    account.oom_kills_before = oom_kills();
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    build();
    run();
}
