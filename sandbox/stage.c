#define _GNU_SOURCE
#include "stage.h"
#include "calls.h"
#include "idle.h"
#include "memory.h"
#include "order.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define READ_CHUNK 32768
/* Output that follows other output this soon is gathered into one frame. */
#define GATHER_MS 8
/* How often at most and at least it is looked whether an interactive program waits for input:
 * while it computes, and while it waits. */
#define LOOK_COMPUTING_MS 20
#define LOOK_WAITING_MS 1000
/* A wait this long is reported to the server, which lends the program's place to others then. A
 * shorter one is charged: nobody else could have used it. */
#define WAIT_REPORTED_MS 100

struct stage stage;
static int child_signals = -1;

int64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

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
    for (int i = 0; i < stage.children; i++)
        while (child_reap(&stage.child[i]))
            if (!trace_resume(&stage.child[i], stage.kind, stage.folder,
                              &order.limits))
                end_stage(BLOCKED);
}

static bool anyone_alive(void)
{
    for (int i = 0; i < stage.children; i++)
        if (stage.child[i].alive)
            return true;
    return false;
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
    if (kept && !stage.held)
        frames_send(stage.output[index].type, bytes, kept);
    if (kept && stage.held)
        kill_children(SIGKILL); /* one word decides; the rest of the time is the next one's */
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

static void feed(short events)
{
    stage.acted_us = now_us();
    while (typed.used) {
        ssize_t written = write(stage.input, typed.bytes, typed.used);
        /* Of a full terminal that the program closed, poll() says “hung up” for ever. */
        if (written < 0 && (errno == EAGAIN || errno == EINTR) && !(events & POLLHUP))
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
    stage.acted_us = now_us();
    switch (frame->type) {
    case ORDER_STDIN:
        stage.waits_since_us = stage.acted_us; /* somebody is there, whether a line is whole or not */
        stage.wait_reported = false;
        queue_input(frame->payload, frame->length);
        break;
    case ORDER_EOF:
        queue_end();
        break;
    case ORDER_SIGNAL:
        if (frame->length == 1 && stage.kind == STAGE_RUN)
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
    while (frames_next(&server, &frame))
        obey(&frame);
}

static void listen_to_server(void)
{
    if (frames_fill(&server) < 0)
        _exit(0);
    obey_all();
}

static void report_wait(int64_t now, int64_t passed)
{
    int64_t waited_ms = (now - stage.waits_since_us) / 1000;
    if (!stage.wait_known)
        stage.unreported_us += passed;
    bool due = stage.wait_known ? !stage.wait_reported && waited_ms >= WAIT_REPORTED_MS
                                : stage.unreported_us >= WAIT_REPORTED_MS * 1000;
    if (!due)
        return;
    stage.wait_reported = stage.wait_known = true;
    stage.unreported_us = 0;
    frames_print(EVENT_WAITING, "%lld", (long long)order.idle_ms - (long long)waited_ms);
}

static void end_wait(int64_t now)
{
    if (stage.wait_known)
        frames_send(EVENT_WAITING, NULL, 0);
    stage.wait_known = stage.wait_reported = false;
    stage.charged_us += stage.unreported_us;
    stage.unreported_us = 0;
    stage.waits_since_us = now;
}

/* What passed since the last look is free only if the program was in one and the same wait for
 * input throughout. Everything else is charged in full: time in which it computed, could have
 * computed but was not given the processor, or slept. */
static void charge_time(uint64_t limit_ms)
{
    int64_t now = now_us(), passed = now - stage.looked_us;
    uint64_t before = stage.wait;
    stage.wait = stage.terminal && stage.input >= 0 ? input_wait(stage.child[0].pid) : 0;
    stage.looked_us = now;
    if (!stage.wait || stage.wait != before) {
        end_wait(now);
        stage.charged_us += passed;
        if (stage.charged_us > (int64_t)limit_ms * 1000)
            end_stage(TIME);
        return;
    }
    report_wait(now, passed);
    if (now - stage.waits_since_us > (int64_t)order.idle_ms * 1000)
        end_stage(IDLE);
    if (now - stage.began_us > (int64_t)order.session_ms * 1000)
        end_stage(SESSION);
}

/* Looks grow rarer the longer nothing came, so that what is charged too much after a wait stays in
 * proportion to what the program computed. */
static int next_look_ms(void)
{
    int64_t since = stage.acted_us;
    if (stage.wait && stage.waits_since_us > since)
        since = stage.waits_since_us;
    int64_t look = 1 + (now_us() - since) / 2000;
    int64_t most = stage.wait ? LOOK_WAITING_MS : LOOK_COMPUTING_MS;
    return (int)(look < most ? look : most);
}

static void watch_memory(void)
{
    static int64_t looked_us;
    if (!order.limits.memory_bytes || now_us() - looked_us < MEMORY_WATCH_MS * 1000)
        return;
    if (memory_in_use(&stage) > order.limits.memory_bytes)
        end_stage(MEMORY);
    looked_us = now_us();
}

/* Milliseconds until something is due even if nothing happens. */
static int patience(uint64_t limit_ms)
{
    if (order.limits.memory_bytes)
        return MEMORY_WATCH_MS;
    if (stage.terminal)
        return next_look_ms();
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

static void judge(struct child *child, short events)
{
    if (events & POLLIN) {
        if (!calls_judge(child, stage.kind, stage.folder, &order.limits))
            end_stage(BLOCKED);
        return;
    }
    if (!(events & POLLHUP))
        return;
    /* The kernel lets go of its filter first and of its memory, which takes longer, later. Until
     * then there is nothing to look at, and poll() would say so all the time. */
    close(child->notifications);
    child->notifications = -1;
}

void stage_watch(uint64_t limit_ms)
{
    struct pollfd watch[WATCHED];
    obey_all(); /* what came along with the order */
    while (anyone_alive()) {
        int wait = prepare_watch(watch, patience(limit_ms));
        if (poll(watch, WATCHED, wait) < 0 && errno != EINTR)
            die("poll failed");
        /* Before anything is done that could wake the program: until now it waited, or did not. */
        charge_time(limit_ms);
        for (int i = 0; i < 2; i++)
            if (watch[WATCH_CALLS + i].revents)
                judge(&stage.child[i], watch[WATCH_CALLS + i].revents);
        for (int i = 0; i < 2; i++)
            if (watch[WATCH_OUTPUT + i].revents)
                relay(i);
        if (watch[WATCH_INPUT].revents)
            feed(watch[WATCH_INPUT].revents);
        if (watch[WATCH_SERVER].revents)
            listen_to_server();
        if (watch[WATCH_CHILDREN].revents)
            reap();
        watch_memory();
    }
    for (int i = 0; i < 2; i++)
        while (stage.output[i].descriptor >= 0 && relay(i))
            ;
}

void stage_listen(void)
{
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    child_signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (child_signals < 0)
        die("no signal descriptor");
}

void stage_begin(enum stage_kind kind, const char *folder, uint64_t allowed)
{
    stage = (struct stage){.kind = kind, .folder = folder, .allowed = allowed, .input = -1};
    stage.output[0].descriptor = stage.output[1].descriptor = -1;
    stage.began_us = stage.looked_us = stage.acted_us = stage.waits_since_us = now_us();
}

void stage_close(void)
{
    for (int i = 0; i < stage.children; i++)
        if (stage.child[i].notifications >= 0)
            close(stage.child[i].notifications);
    for (int i = 0; i < 2; i++)
        if (stage.output[i].descriptor >= 0)
            close(stage.output[i].descriptor);
    if (stage.input >= 0)
        close(stage.input);
}
