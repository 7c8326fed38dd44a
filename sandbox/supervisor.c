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
 * An order for a tool (tools.c) ends after one look of the compiler or the formatter.
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
#include "build.h"
#include "child.h"
#include "confine.h"
#include "early.h"
#include "early_link.h"
#include "frames.h"
#include "keeper.h"
#include "memory.h"
#include "order.h"
#include "probe.h"
#include "project.h"
#include "stage.h"
#include "tools.h"
#include "verdict.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <termios.h>
#include <unistd.h>

static struct walls walls;

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
    order_write_data();
    stage_begin(STAGE_RUN, folder, order.output_bytes);
    if (order.interactive)
        open_terminal(&streams);
    else
        open_pipes(&streams);
    order.argument[0] = "./program";
    frames_print(EVENT_STAGE, "run");
    account.oom_kills_before = memory_kills();
    stage.children = 1;
    child_start(&stage.child[0], STAGE_RUN, &walls, &order.limits, order.argument, &streams, folder);
    stage.began_us = stage.looked_us = now_us();
    close(streams.input);
    if (!streams.terminal)
        close(streams.output), close(streams.errors);
    stage_watch(order.run_ms);
    int64_t run_us = now_us() - stage.began_us;
    struct child child = stage.child[0];
    const char *cause = verdict_cause(&child);
    struct statvfs space;
    /* No inodes at all: this file system does not count them, as gVisor's. */
    if (statvfs(PROJECT_FOLDER, &space) == 0 &&
        (!space.f_bavail || (space.f_files && !space.f_favail)))
        frames_print(EVENT_LIMIT, "work-space");
    project_report(order.output_files, order.output_file_bytes);
    verdict_send("run", cause, &child, run_us, stage.kept);
}

int main(int count, char **words)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* the program must not look into this process */
    signal(SIGPIPE, SIG_IGN);
    /* A write that may block would outlast FRAME_STALL_MS. */
    fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
    if (count > 1 && !strcmp(words[1], KEEPER_WORD))
        keeper_serve();
    stage_listen();
    walls = walls_probe();
    bool cgroup = memory_kills() >= 0;
    frames_print(EVENT_READY,
                 "version=1\nlandlock=%d\nnotify=%d\ntrace=%d\nseccomp=%d\noom_events=%d\n"
                 "gvisor=%d\nsanitizers=%d\n",
                 walls.landlock_abi, walls.notify, walls.trace, walls.seccomp, cgroup,
                 walls.gvisor, walls.sanitizers);
    bool whole;
    do {
        whole = order_await();
        if (cgroup && memory_is_limited(order.limits.memory_bytes))
            order.limits.memory_bytes = 0;
        if (!whole) {
            early_begin(&walls, &order.limits, order.extended_headers);
            early_link_begin(&walls, &order.limits);
        }
    } while (!whole);
    if (order.limits.sanitized && !walls.sanitizers)
        die("there are no sanitizers in this image or under this runtime; run it without");
    account.oom_kills_before = memory_kills();
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    if (order.tool != TOOL_RUN)
        tools_use(&walls);
    build_program(&walls);
    run();
}
