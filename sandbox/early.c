/* Theory of operation
 *
 * A sandbox waits for its order, and the compiler can do its start meanwhile: it reads its last
 * arguments from a file, and is held in the call that opens it (calls.h), the assembler behind it.
 * The supervisor writes the file when the order arrives. The file names the C file, after a
 * precompiled header (precompiled.h) to include first, if there is one.
 *
 * So the compiler reads the same file by the same name, with the same options, as it would if it
 * were started in the usual way, so its messages depend on nothing else. Messages about a
 * precompiled header may still be worded differently, so none are passed on: a source with any
 * message is compiled again in the usual way, and only sources that compile in silence come from
 * here.
 */
#define _GNU_SOURCE
#include "early.h"
#include "calls.h"
#include "child.h"
#include "command.h"
#include "frames.h"
#include "order.h"
#include "precompiled.h"
#include "stage.h"
#include "verdict.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The file of the last arguments, written when they are known. */
#define ARGUMENTS BUILD_FOLDER "/arguments"
/* A longer source takes so long that the start makes no difference. */
#define MOST_SOURCE 60000
#define START_MS 2000

static struct {
    struct child child[2]; /* compiler and assembler */
    int messages;
    struct limits limits;
    bool extended_headers, waiting;
} early;

static bool next_call(struct child *child)
{
    struct pollfd call = {child->notifications, POLLIN, 0};
    return poll(&call, 1, START_MS) == 1 && call.revents & POLLIN &&
           calls_judge(child, STAGE_EARLY, BUILD_FOLDER, &early.limits);
}

void early_await(struct child *child, const char *hold)
{
    child->hold = hold;
    while (!child->held && next_call(child))
        ;
}

static bool make_arguments(void)
{
    int file = open(ARGUMENTS, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return file >= 0 && close(file) == 0;
}

void early_begin(const struct walls *walls, const struct limits *limits, bool extended_headers)
{
    static char object[] = FIRST_OBJECT, dependencies[] = DEPENDENCIES, standard[] = "-",
                arguments[] = "@" ARGUMENTS;
    const struct marker place[] = {{"@OBJECT@", (char *[]){object, NULL}}, {0}};
    struct command compiler = {0}, assembler = {0};
    int assembly[2], messages[2], nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    /* Without notifications the supervisor would have to trace them all the time. */
    if (early.waiting || !walls->notify || walls->trace)
        return;
    command_of_compiler(&compiler, arguments, standard, dependencies);
    command_add_lines(&assembler, "as.args", place);
    if (nothing < 0 || !make_arguments() || pipe2(assembly, O_CLOEXEC) ||
        pipe2(messages, O_CLOEXEC))
        die("the compiler could not be prepared");
    early.limits = *limits;
    early.extended_headers = extended_headers;
    early.messages = messages[0];
    early.waiting = true;
    struct streams of_compiler = {nothing, assembly[1], messages[1], false};
    struct streams of_assembler = {assembly[0], messages[1], messages[1], false};
    child_start(&early.child[0], STAGE_EARLY, walls, limits, compiler.argument, &of_compiler,
                PROJECT_FOLDER);
    child_start(&early.child[1], STAGE_COMPILE, walls, limits, assembler.argument, &of_assembler,
                BUILD_FOLDER);
    close(nothing), close(assembly[0]), close(assembly[1]), close(messages[1]);
    fcntl(early.messages, F_SETFL, O_NONBLOCK);
    next_call(&early.child[1]); /* its execve */
    early_await(&early.child[0], ARGUMENTS);
    precompiled_prepare();
}

/* Return the text of a project file; NULL if it cannot be compiled early. */
static char *read_source(const char *name)
{
    char path[sizeof PROJECT_FOLDER + 256];
    struct stat status;
    if (snprintf(path, sizeof path, PROJECT_FOLDER "/%s", name) >= (int)sizeof path)
        return NULL;
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return NULL;
    char *text = NULL;
    if (fstat(file, &status) == 0 && status.st_size <= MOST_SOURCE &&
        (text = malloc((size_t)status.st_size + 1))) {
        ssize_t count = read(file, text, (size_t)status.st_size);
        text[count < 0 ? 0 : count] = '\0';
    }
    close(file);
    return text;
}

bool limits_are_the_same(const struct limits *now, const struct limits *then)
{
    return !now->sanitized && !now->memory_bytes && now->file_bytes == then->file_bytes &&
           now->stack_bytes == then->stack_bytes && now->open_files == then->open_files &&
           now->cpu_seconds == then->cpu_seconds;
}

static bool is_fit(void)
{
    for (int i = 0; i < 2; i++)
        child_reap(&stage.child[i]);
    return stage.child[0].alive && stage.child[0].held && stage.child[1].alive &&
           order.extended_headers == early.extended_headers &&
           limits_are_the_same(&order.limits, &early.limits);
}

/* One argument as cc1 reads it from a file: a backslash takes any character as it is. */
static void put_argument(FILE *file, const char *argument)
{
    for (; *argument; argument++)
        fprintf(file, "\\%c", *argument);
    putc('\n', file);
}

static bool write_arguments(const char *header, const char *unit)
{
    FILE *file = fopen(ARGUMENTS, "we");
    if (!file)
        return false;
    if (*header) {
        put_argument(file, "-include");
        put_argument(file, header);
    }
    put_argument(file, unit);
    bool written = !ferror(file);
    return fclose(file) == 0 && written;
}

/* Give the compiler its source; return false if the source cannot be compiled early. */
static bool release(void)
{
    char header[256] = "";
    char *text = read_source(order.unit[0]);
    if (!text)
        return false;
    if (!early.extended_headers)
        precompiled_choose(text, order.folder, header, sizeof header);
    free(text);
    if (!write_arguments(header, order.unit[0]))
        return false;
    calls_release(&stage.child[0]);
    return true;
}

static void begin_stage(void)
{
    stage_begin(STAGE_COMPILE, BUILD_FOLDER, 1);
    stage.held = true;
    stage.output[0].descriptor = early.messages;
    stage.output[0].type = EVENT_COMPILER;
    stage.child[0] = early.child[0];
    stage.child[1] = early.child[1];
    stage.children = 2;
}

bool early_compile(void)
{
    if (!early.waiting)
        return false;
    early.waiting = false;
    begin_stage();
    bool fed = is_fit() && release();
    if (!fed)
        for (int i = 0; i < 2; i++)
            if (stage.child[i].alive)
                kill(stage.child[i].pid, SIGKILL);
    stage_watch(order.compile_ms);
    account.compile_us += now_us() - stage.began_us;
    /* What was killed without a word would be killed again; of a broken pipe, though, it died
     * because the assembler did. */
    const struct child *compiler = &stage.child[0];
    bool killed = WIFSIGNALED(compiler->status) && WTERMSIG(compiler->status) != SIGPIPE;
    if (stage.cause != NONE || (fed && killed && !stage.kept))
        verdict_send("compile", verdict_cause(compiler), compiler, 0, 0);
    bool silent = fed && !stage.kept && !stage.child[0].status && !stage.child[1].status;
    stage_close();
    unlink(ARGUMENTS);
    account.early = silent;
    return silent;
}
