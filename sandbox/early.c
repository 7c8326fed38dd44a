/* Theory of operation
 *
 * A sandbox waits for its order, and the compiler can do its start meanwhile: it waits for a
 * source on its standard input, the assembler behind it for the compiler. What comes with the
 * order must be what they were started for: one C file at the top of the project, the usual
 * options, and a source in which nothing could tell a standard input from a file.
 *
 * The source goes in behind a line marker with its name, and before that, where there is one, an
 * #include of a precompiled header (precompiled.h). Whatever the compiler says then might be said
 * in other words than about the file itself, so nothing of it is passed on: a source about which
 * there is anything to say is compiled again in the usual way. So diagnostics are always those of
 * the plain compiler, and only what compiles in silence comes from here.
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

/* A pipe takes 64 KiB without anybody reading: pipe(7). The rest is for what goes before. */
#define MOST_SOURCE 60000
#define START_MS 2000

static struct {
    struct child child[2]; /* compiler and assembler */
    int source, messages;
    struct limits limits;
    bool extended_headers, waiting;
} early;

/* The execve that makes a child what it is waits for a judgement: let it through. */
static void let_start(struct child *child)
{
    struct pollfd call = {child->notifications, POLLIN, 0};
    if (poll(&call, 1, START_MS) == 1)
        calls_judge(child, STAGE_COMPILE, BUILD_FOLDER, &early.limits);
}

void early_begin(const struct walls *walls, const struct limits *limits, bool extended_headers)
{
    static char object[] = FIRST_OBJECT, dependencies[] = DEPENDENCIES, standard[] = "-";
    /* cc1 warns of these in the main file, by its name; the one that comes by "-" has none. */
    static char unused_constants[] = "-Wunused-const-variable=2";
    const struct marker place[] = {{"@OBJECT@", (char *[]){object, NULL}}, {0}};
    struct command compiler = {0}, assembler = {0};
    int source[2], assembly[2], messages[2];
    /* Without notifications the supervisor would have to trace them all the time. */
    if (early.waiting || !walls->notify || walls->trace)
        return;
    command_of_compiler(&compiler, standard, standard, dependencies);
    command_add(&compiler, unused_constants);
    command_add_lines(&assembler, "as.args", place);
    if (pipe2(source, O_CLOEXEC) || pipe2(assembly, O_CLOEXEC) || pipe2(messages, O_CLOEXEC))
        die("no pipe");
    early.limits = *limits;
    early.extended_headers = extended_headers;
    early.source = source[1];
    early.messages = messages[0];
    early.waiting = true;
    struct streams of_compiler = {source[0], assembly[1], messages[1], false};
    struct streams of_assembler = {assembly[0], messages[1], messages[1], false};
    child_start(&early.child[0], STAGE_COMPILE, walls, limits, compiler.argument, &of_compiler,
                PROJECT_FOLDER);
    child_start(&early.child[1], STAGE_COMPILE, walls, limits, assembler.argument, &of_assembler,
                BUILD_FOLDER);
    close(source[0]), close(assembly[0]), close(assembly[1]), close(messages[1]);
    fcntl(early.messages, F_SETFL, O_NONBLOCK);
    let_start(&early.child[0]);
    let_start(&early.child[1]);
    precompiled_prepare();
}

/* The whole of a file of the project, with a NUL behind it; NULL if it is not fit. */
static char *read_source(const char *name, size_t *length)
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
        *length = count < 0 ? 0 : (size_t)count;
        text[*length] = '\0';
    }
    close(file);
    return text;
}

/* Macros whose value a standard input changes, and what could put their names together. */
static bool asks_for_its_file(const char *text, size_t length)
{
    static const char *const names[] = {"__BASE_FILE__", "__FILE_NAME__", "__TIMESTAMP__",
                                        "__INCLUDE_LEVEL__", "##", "%:%:"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (memmem(text, length, names[i], strlen(names[i])))
            return true;
    return false;
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
    return stage.child[0].alive && stage.child[1].alive && order.units == 1 &&
           !strchr(order.unit[0], '/') && !order.show_warnings &&
           order.extended_headers == early.extended_headers &&
           limits_are_the_same(&order.limits, &early.limits);
}

/* Hand over the source; false if it is not fit to come this way. */
static bool feed(void)
{
    char head[512], header[256] = "";
    size_t length;
    char *text = read_source(order.unit[0], &length);
    if (!text || asks_for_its_file(text, length)) {
        free(text);
        return false;
    }
    if (!early.extended_headers)
        precompiled_choose(text, header, sizeof header);
    int size = snprintf(head, sizeof head, *header ? "#include \"%s\"\n# 1 \"%s\"\n" : "%s# 1 \"%s\"\n",
                        header, order.unit[0]);
    bool fed = write(early.source, head, (size_t)size) == size &&
               write(early.source, text, length) == (ssize_t)length;
    free(text);
    return fed;
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
    bool fed = is_fit() && feed();
    close(early.source);
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
    account.early = silent;
    return silent;
}
