#define _GNU_SOURCE
#include "tools.h"
#include "child.h"
#include "command.h"
#include "frames.h"
#include "opened.h"
#include "order.h"
#include "stage.h"
#include "verdict.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char text_path[] = BUILD_FOLDER "/text";
static uint64_t messages_left;

static __attribute__((noreturn)) void end(const char *cause)
{
    verdict_send("compile", cause, &stage.child[0], 0, 0);
}

/* Start one tool and wait for it: its messages are sent, its exit code is in stage.child[0]. */
static void use(const struct walls *walls, const struct command *command, int input, int output)
{
    int messages[2];
    stage_begin(STAGE_COMPILE, BUILD_FOLDER, messages_left);
    if (input < 0 || output < 0 || pipe2(messages, O_CLOEXEC))
        die("no pipe");
    fcntl(messages[0], F_SETFL, O_NONBLOCK);
    stage.output[0].descriptor = messages[0];
    stage.output[0].type = EVENT_COMPILER;
    stage.children = 1;
    const struct streams streams = {input, output, messages[1], false};
    child_start(&stage.child[0], STAGE_COMPILE, walls, &order.limits, command->argument, &streams,
                PROJECT_FOLDER);
    close(input), close(output), close(messages[1]);
    stage_watch(compile_time_left());
    account.compile_us += now_us() - stage.began_us;
    messages_left -= stage.kept;
    int status = stage.child[0].status;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED)
        die("the tool could not be started");
    if (stage.cause != NONE || WIFSIGNALED(status) ||
        (WIFEXITED(status) && WEXITSTATUS(status) == COMPILER_CRASHED))
        end(verdict_cause(&stage.child[0]));
    stage_close();
}

/* All of a compile, because some warnings come late; only the assembler is spared. */
static bool compile(const struct walls *walls, char *unit)
{
    static char dependencies[] = DEPENDENCIES;
    struct command compiler = {0};
    command_of_compiler(&compiler, unit, text_path, dependencies);
    use(walls, &compiler, open("/dev/null", O_RDONLY | O_CLOEXEC),
        open("/dev/null", O_WRONLY | O_CLOEXEC));
    bool compiled = stage.child[0].status == 0;
    if (access(dependencies, F_OK) == 0)
        opened_report(dependencies, order.link_check);
    unlink(dependencies);
    return compiled;
}

static void format(const struct walls *walls)
{
    struct command formatter = {0};
    command_add_lines(&formatter, "astyle.args", NULL);
    char source[sizeof PROJECT_FOLDER + 256];
    snprintf(source, sizeof source, PROJECT_FOLDER "/%s", order.unit[0]);
    use(walls, &formatter, open(source, O_RDONLY | O_NOFOLLOW | O_CLOEXEC),
        open(text_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

/* Send the text, unless it is longer than allowed: half of it would be wrong. */
static bool send_text(void)
{
    int file = open(text_path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) || !S_ISREG(status.st_mode))
        die("the tool made nothing");
    size_t size = (size_t)status.st_size;
    if (size > order.text_bytes)
        return false;
    void *text = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0) : "";
    if (text == MAP_FAILED)
        die("the text could not be read");
    frames_send(EVENT_TEXT, text, size);
    return true;
}

void tools_use(const struct walls *walls)
{
    bool all_went = order.units > 0;
    messages_left = order.compiler_output_bytes;
    frames_print(EVENT_STAGE, "compile");
    if (order.tool == TOOL_FORMAT)
        format(walls);
    else
        for (size_t i = 0; i < order.units; i++)
            all_went &= compile(walls, order.unit[i]);
    bool fits = order.tool == TOOL_CHECK || !all_went || stage.child[0].status || send_text();
    end(fits ? "exit" : "text");
}
