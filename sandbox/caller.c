#define _GNU_SOURCE
#include "caller.h"
#include "order.h"
#include "trace.h"

#include <stdio.h>
#include <string.h>

/* How deep below the call the program's own frame is looked for: libc's are small. */
#define STACK_BYTES 16384
/* Words that point into the program's code without being of any line: a start file's, hardly more.
 * Each costs a look through the whole table, and the program chose what its stack holds. */
#define MOST_WORDS 16

/* The program as it is mapped, proc(5) /proc/pid/maps. */
struct mapping {
    uint64_t base, code, code_end;
};

/* `fixed`: linked for one address, which its tables count from. */
static bool find_program(pid_t pid, bool fixed, struct mapping *mapping)
{
    char path[64], row[512];
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "re");
    *mapping = (struct mapping){0};
    while (maps && fgets(row, sizeof row, maps)) {
        unsigned long start, end, offset;
        char rights[5];
        if (sscanf(row, "%lx-%lx %4s %lx", &start, &end, rights, &offset) != 4 ||
            !strstr(row, " " PROGRAM_PATH))
            continue;
        if (!mapping->base && !fixed)
            mapping->base = start - offset;
        if (rights[2] == 'x') {
            mapping->code = start;
            mapping->code_end = end;
        }
    }
    if (maps)
        fclose(maps);
    return mapping->code;
}

/* Stack pointer and instruction pointer of a process in a system call, proc(5) /proc/pid/syscall. */
static bool find_registers(const struct child *child, unsigned long *stack,
                           unsigned long *instruction)
{
    if (child->traced)
        return trace_place(child->pid, stack, instruction);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/syscall", child->pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    int found = fscanf(file, "%*d %*x %*x %*x %*x %*x %*x %lx %lx", stack, instruction);
    fclose(file);
    return found == 2;
}

static bool is_code(const struct mapping *program, uint64_t address)
{
    return address >= program->code && address < program->code_end;
}

static bool in_program(const struct mapping *program, uint64_t address, struct line *line)
{
    return is_code(program, address) && lines_find(PROGRAM_PATH, address - program->base, line);
}

static bool search_stack(const struct child *child, const struct mapping *program,
                         uint64_t stack, struct line *line)
{
    static uint64_t word[STACK_BYTES / sizeof(uint64_t)];
    ssize_t count = child_read(child, stack, word, sizeof word);
    if (count < 0) /* the stack ends before: take what there is of this page */
        count = child_read(child, stack, word, 4096 - stack % 4096);
    int looks = 0;
    /* Return addresses point behind the call; one byte back is inside of it. */
    for (ssize_t i = 0; i < count / (ssize_t)sizeof *word && looks < MOST_WORDS; i++) {
        if (in_program(program, word[i] - 1, line))
            return true;
        looks += is_code(program, word[i] - 1);
    }
    return false;
}

bool caller_line(const struct child *child, struct line *line)
{
    struct mapping program;
    unsigned long stack, instruction;
    return find_program(child->pid, order.limits.sanitized, &program) && find_registers(child, &stack, &instruction) &&
           (in_program(&program, instruction - 1, line) ||
            search_stack(child, &program, stack, line));
}

bool caller_of_fault(const struct child *child, uint64_t instruction, uint64_t stack,
                     struct line *line)
{
    struct mapping program;
    return find_program(child->pid, order.limits.sanitized, &program) &&
           (in_program(&program, instruction, line) ||
            search_stack(child, &program, stack, line));
}
