#define _GNU_SOURCE
#include "build.h"
#include "child.h"
#include "command.h"
#include "early.h"
#include "early_link.h"
#include "frames.h"
#include "object.h"
#include "opened.h"
#include "order.h"
#include "stage.h"
#include "verdict.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void check_compiled(void)
{
    stage_watch(compile_time_left());
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
        verdict_send("compile", verdict_cause(child), child, 0, 0);
    }
    stage_close();
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

static void compile(const struct walls *walls, size_t index, char *object, char *dependencies)
{
    struct command compiler = {0}, assembler = {0};
    static char to_assembler[] = "-";
    command_of_compiler(&compiler, order.unit[index], to_assembler, dependencies);
    const struct marker place[] = {{"@OBJECT@", (char *[]){object, NULL}}, {0}};
    command_add_lines(&assembler, "as.args", place);

    int messages[2], assembly[2], nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    begin_compile(messages);
    if (nothing < 0 || pipe2(assembly, O_CLOEXEC))
        die("no pipe");
    struct streams of_compiler = {nothing, assembly[1], messages[1], false};
    struct streams of_assembler = {assembly[0], messages[1], messages[1], false};
    stage.children = 2;
    child_start(&stage.child[0], STAGE_COMPILE, walls, &order.limits, compiler.argument, &of_compiler, PROJECT_FOLDER);
    child_start(&stage.child[1], STAGE_COMPILE, walls, &order.limits, assembler.argument, &of_assembler, BUILD_FOLDER);
    close(assembly[0]), close(assembly[1]), close(messages[1]), close(nothing);
    check_compiled();
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

static void check_objects(char *const *objects, struct names *defined)
{
    struct names undefined = {0};
    for (char *const *object = objects; *object; object++)
        if (!object_read(*object, defined, &undefined, order.limits.sanitized, refuse))
            die("the object could not be read");
    names_sort(defined);
    names_sort(&undefined);
    for (size_t i = 0; i < undefined.count; i++) {
        const char *name = undefined.item[i];
        if ((i && !strcmp(name, undefined.item[i - 1])) || names_have(defined, name) ||
            names_have(&order.symbols, name))
            continue;
        if (worth_telling())
            frames_send(EVENT_SYMBOL, name, strnlen(name, 256));
    }
}

static void link_program(const struct walls *walls, char *const *objects)
{
    struct command linker = {0};
    bool sanitized = order.limits.sanitized;
    const struct marker markers[] = {
        {"@OBJECTS@", objects},
        {"@PARTS@", command_parts(sanitized, order.fixed_seed)},
        {"@LIBRARY@", (char *[]){order.library, NULL}},
        {0}};
    command_add_lines(&linker, sanitized ? "ld-sanitize.args" : "ld.args", markers);
    int messages[2], nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    begin_compile(messages);
    struct streams streams = {nothing, messages[1], messages[1], false};
    stage.children = 1;
    child_start(&stage.child[0], STAGE_COMPILE, walls, &order.limits, linker.argument, &streams, BUILD_FOLDER);
    close(messages[1]), close(nothing);
    check_compiled();
}

void build_program(const struct walls *walls)
{
    static char name[MAX_UNITS][sizeof BUILD_FOLDER + 16];
    static char dependencies[] = DEPENDENCIES;
    char *objects[MAX_UNITS + 1] = {NULL};
    struct names defined = {0};
    compiler_output_left = order.compiler_output_bytes;
    frames_print(EVENT_STAGE, "compile");
    for (size_t i = 0; i < order.units; i++) {
        snprintf(name[i], sizeof name[i], BUILD_FOLDER "/%zu.o", i);
        objects[i] = name[i];
        if (!early_compile())
            compile(walls, i, objects[i], dependencies);
        if (!opened_report(dependencies, order.link_check))
            refused = true;
    }
    frames_print(EVENT_STAGE, "link");
    if (order.link_check)
        check_objects(objects, &defined);
    if (!early_link(order.link_check ? &defined : NULL))
        link_program(walls, objects);
    for (char *const *object = objects; *object; object++)
        unlink(*object); /* its memory is the program's */
    /* Linked all the same, so that a function that was merely forgotten is the linker's error. */
    if (refused)
        verdict_send("link", "refused", &(struct child){.status = 0}, 0, 0);
}
