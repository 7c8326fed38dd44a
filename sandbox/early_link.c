/* Theory of operation
 *
 * Much of what a linker does is the same for every program: its own start, and reading what the
 * libraries define. gold opens its files one after the other, so with the libraries first it can
 * do that before there is an object: it is held in the call that opens the object (calls.h), and
 * goes on from there once the link check has read the object.
 *
 * With one exception, a library's place among the files makes no difference to what gold makes of
 * it: an object's definition replaces a library's. But once a library was read, who replaces one of
 * two names for the same data (daylight, __daylight) replaces both. So an object that defines such
 * a name is linked in the usual way; assemble.sh lists them.
 *
 * As with the early compiler, nothing that it says is passed on: what it cannot link in silence is
 * linked again in the usual way.
 */
#define _GNU_SOURCE
#include "early_link.h"
#include "calls.h"
#include "command.h"
#include "early.h"
#include "frames.h"
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

#define ARGUMENTS "ld-early.args"
#define TWINS "ld-early.twins"
/* What ld-early.args has been told to link with, as the order calls it. */
#define LIBRARY "-lfann"

static struct {
    struct child child;
    int messages;
    struct limits limits;
    struct names twins; /* what the libraries define as another name for their data */
    bool waiting;
} early;

static void read_twins(void)
{
    FILE *file = fopen(TOOLS TWINS, "re");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    if (!file)
        die("the image is incomplete");
    while ((length = getline(&line, &room, file)) > 0) {
        line[length - 1] = '\0';
        names_add(&early.twins, strdup(line));
    }
    free(line);
    fclose(file);
    names_sort(&early.twins);
}

void early_link_begin(const struct walls *walls, const struct limits *limits)
{
    struct command linker = {0};
    int messages[2], nothing;
    if (early.waiting || !walls->notify || walls->trace || access(TOOLS ARGUMENTS, R_OK))
        return;
    static char object[] = FIRST_OBJECT;
    const struct marker markers[] = {{"@OBJECTS@", (char *[]){object, NULL}},
                                     {"@PARTS@", command_parts(false, false)},
                                     {0}};
    read_twins();
    command_add_lines(&linker, ARGUMENTS, markers);
    nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0 || pipe2(messages, O_CLOEXEC))
        die("no pipe");
    early.limits = *limits;
    early.messages = messages[0];
    fcntl(early.messages, F_SETFL, O_NONBLOCK);
    struct streams streams = {nothing, messages[1], messages[1], false};
    child_start(&early.child, STAGE_EARLY, walls, limits, linker.argument, &streams,
                BUILD_FOLDER);
    close(messages[1]), close(nothing);
    early_await(&early.child, FIRST_OBJECT);
    early.waiting = true;
}

static bool has_a_twin(const struct names *defined)
{
    for (size_t i = 0; i < defined->count; i++)
        if (names_have(&early.twins, defined->item[i]))
            return true;
    return false;
}

static bool is_fit(const struct names *defined)
{
    child_reap(&early.child);
    return early.child.alive && early.child.held && order.units == 1 && !order.fixed_seed &&
           !strcmp(order.library, LIBRARY) &&
           limits_are_the_same(&order.limits, &early.limits) && defined && !has_a_twin(defined);
}

bool early_link(const struct names *defined)
{
    if (!early.waiting)
        return false;
    early.waiting = false;
    stage_begin(STAGE_EARLY, BUILD_FOLDER, 1);
    stage.held = true;
    stage.output[0].descriptor = early.messages;
    stage.output[0].type = EVENT_COMPILER;
    stage.children = 1;
    bool fit = is_fit(defined);
    if (fit)
        calls_release(&early.child);
    stage.child[0] = early.child;
    if (!fit && early.child.alive)
        kill(early.child.pid, SIGKILL);
    stage_watch(compile_time_left());
    account.compile_us += now_us() - stage.began_us;
    const struct child *linker = &stage.child[0];
    bool killed = WIFSIGNALED(linker->status);
    if (stage.cause != NONE || (fit && killed && !stage.kept))
        verdict_send("compile", verdict_cause(linker), linker, 0, 0);
    bool silent = fit && !stage.kept && !linker->status;
    stage_close();
    account.early_link = silent;
    return silent;
}
