#define _GNU_SOURCE
#include "verdict.h"
#include "crash.h"
#include "frames.h"
#include "memory.h"
#include "order.h"
#include "stage.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct account account;

uint64_t compile_time_left(void)
{
    int64_t left = (int64_t)order.compile_ms - account.compile_us / 1000;
    return left > 1 ? (uint64_t)left : 1;
}

const char *verdict_cause(const struct child *child)
{
    static const char *const by_cause[] = {
        [TIME] = "timeout",    [IDLE] = "idle",       [SESSION] = "session", [OUTPUT] = "output",
        [BLOCKED] = "blocked", [STOPPED] = "stopped", [MEMORY] = "memory"};
    if (stage.cause != NONE)
        return by_cause[stage.cause];
    if (WIFSIGNALED(child->status) && WTERMSIG(child->status) == SIGKILL &&
        memory_kills() > account.oom_kills_before)
        return "memory";
    return WIFSIGNALED(child->status) ? "signal" : "exit";
}

static int64_t cpu_us(const struct rusage *usage)
{
    return (int64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 +
           usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

static void add_crash(char *text, size_t room, int signal)
{
    const struct line *place = crash_place(signal);
    if (place)
        snprintf(text, room, "crash_line=%u\ncrash_file=%s\ncrash_function=%s\n", place->number,
                 place->file, place->function);
}

void verdict_send(const char *stage_name, const char *cause, const struct child *child,
                  int64_t run_us, uint64_t output_bytes)
{
    int signal = WIFSIGNALED(child->status) ? WTERMSIG(child->status) : 0;
    char crash[sizeof(struct line) + 64] = "";
    add_crash(crash, sizeof crash, signal);
    frames_print(EVENT_VERDICT,
                 "stage=%s\ncause=%s\nexit=%d\nsignal=%d\ncompile_us=%lld\nrun_us=%lld\n"
                 "cpu_us=%lld\npeak_kib=%ld\noutput_bytes=%llu\ntruncated=%d\nearly=%d\n"
                 "early_link=%d\ntool=%s\n%s",
                 stage_name, cause, WIFEXITED(child->status) ? WEXITSTATUS(child->status) : -1,
                 signal,
                 (long long)account.compile_us, (long long)run_us, (long long)cpu_us(&child->usage),
                 child->usage.ru_maxrss, (unsigned long long)output_bytes, stage.cut,
                 account.early, account.early_link,
                 child->tool && signal ? child->tool + sizeof TOOLS - 1 : "", crash);
    _exit(0);
}
