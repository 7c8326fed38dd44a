#define _GNU_SOURCE
#include "order.h"
#include "project.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct order order;
struct frame_reader server;

/* Files that the compiler must not find wait here: every file that it reads is recorded as code. */
static struct data {
    struct data *next;
    size_t length;
    uint8_t payload[];
} *data;

static void keep_data(const struct frame *frame)
{
    struct data *one = malloc(sizeof *one + frame->length);
    if (!one)
        die("out of memory");
    one->next = data;
    one->length = frame->length;
    memcpy(one->payload, frame->payload, frame->length);
    data = one;
}

void order_write_data(void)
{
    while (data) {
        struct data *one = data;
        if (!project_write(one->payload, one->length))
            die("a file could not be written");
        data = one->next;
        free(one);
    }
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

static enum tool tool_named(const char *name)
{
    static const char *const names[] = {
        [TOOL_RUN] = "run", [TOOL_CHECK] = "check", [TOOL_ASSEMBLY] = "assembly",
        [TOOL_FORMAT] = "format"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return (enum tool)i;
    die("unknown tool");
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
        {"session_ms", &order.session_ms},
        {"output_bytes", &order.output_bytes},
        {"compiler_output_bytes", &order.compiler_output_bytes},
        {"stdin_bytes", &order.stdin_bytes},
        {"text_bytes", &order.text_bytes},
        {"columns", &order.columns},
        {"rows", &order.rows},
        {"output_files", &order.output_files},
        {"output_file_bytes", &order.output_file_bytes},
        {"file_bytes", &order.limits.file_bytes},
        {"stack_bytes", &order.limits.stack_bytes},
        {"open_files", &order.limits.open_files},
        {"cpu_seconds", &order.limits.cpu_seconds},
        {"memory_bytes", &order.limits.memory_bytes},
    };
    const struct {
        const char *key;
        bool *target;
    } switches[] = {
        {"interactive", &order.interactive},
        {"link_check", &order.link_check},
        {"extended_headers", &order.extended_headers},
        {"show_warnings", &order.show_warnings},
        {"fixed_seed", &order.fixed_seed},
        {"sanitize", &order.limits.sanitized},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strcmp(key, numbers[i].key))
            *numbers[i].target = strtoull(value, NULL, 10);
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (!strcmp(key, switches[i].key))
            *switches[i].target = !strcmp(value, "1");
    if (!strcmp(key, "tool"))
        order.tool = tool_named(value);
    else if (!strcmp(key, "nonce"))
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

static void take_order(const struct frame *frame)
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
    case ORDER_DATA:
        keep_data(frame);
        break;
    case ORDER_UNIT:
        if (order.units == MAX_UNITS)
            die("too many C files");
        /* cc1 would take -x for an option and @x for a file of options */
        if (!frame->length || memchr("-@", frame->payload[0], 2))
            die("bad name of a C file");
        order.unit[order.units++] = copy_text(frame->payload, frame->length);
        break;
    case ORDER_SYMBOLS:
        take_symbols(frame);
        break;
    default:
        die("unexpected order");
    }
}

bool order_await(void)
{
    struct frame frame;
    for (;;) {
        while (frames_next(&server, &frame)) {
            if (frame.type == ORDER_GO)
                return true;
            if (frame.type == ORDER_PREPARE) {
                take_config(&frame);
                return false;
            }
            take_order(&frame);
        }
        if (frames_fill(&server) < 0)
            _exit(0); /* the server is gone or does not need this sandbox any more */
    }
}
