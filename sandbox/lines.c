#define _GNU_SOURCE
#include "lines.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_FILES 256

/* A place in the table; once `failed`, everything read is 0. */
struct cursor {
    const uint8_t *at, *end;
    bool failed;
};

static uint64_t take(struct cursor *cursor, size_t size)
{
    uint64_t value = 0;
    if (cursor->failed || (size_t)(cursor->end - cursor->at) < size) {
        cursor->failed = true;
        return 0;
    }
    memcpy(&value, cursor->at, size); /* little endian, like this machine */
    cursor->at += size;
    return value;
}

static uint64_t take_leb128(struct cursor *cursor, bool is_signed)
{
    uint64_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = (uint8_t)take(cursor, 1);
        if (shift < 64)
            value |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    if (is_signed && byte & 0x40 && shift < 64)
        value |= ~(uint64_t)0 << shift;
    return value;
}

static const char *take_text(struct cursor *cursor)
{
    size_t room = (size_t)(cursor->end - cursor->at);
    const uint8_t *end = cursor->failed ? NULL : memchr(cursor->at, '\0', room);
    const char *text = (const char *)cursor->at;
    if (!end) {
        cursor->failed = true;
        return "";
    }
    cursor->at = end + 1;
    return text;
}

/* One unit's header: how its opcodes are coded, and its files. */
struct unit {
    uint8_t smallest_step, range, first_special;
    bool statements; /* whether rows are statements at first */
    int8_t base;
    uint8_t operands[256];
    const char *folder[MOST_FILES], *file[MOST_FILES];
    uint64_t folder_of[MOST_FILES];
    size_t folders, files;
};

static void take_names(struct cursor *cursor, struct unit *unit)
{
    const char *name;
    unit->folders = unit->files = 1; /* both count from 1 */
    while (*(name = take_text(cursor)))
        if (unit->folders < MOST_FILES)
            unit->folder[unit->folders++] = name;
    while (*(name = take_text(cursor))) {
        uint64_t folder = take_leb128(cursor, false);
        take_leb128(cursor, false); /* time and size of the file: nobody fills them in */
        take_leb128(cursor, false);
        if (unit->files < MOST_FILES) {
            unit->folder_of[unit->files] = folder;
            unit->file[unit->files++] = name;
        }
    }
}

static bool take_header(struct cursor *cursor, struct unit *unit)
{
    uint64_t version = take(cursor, 2);
    take(cursor, 4); /* length of the header */
    unit->smallest_step = (uint8_t)take(cursor, 1);
    take(cursor, 1); /* operations in an instruction */
    unit->statements = take(cursor, 1);
    unit->base = (int8_t)take(cursor, 1);
    unit->range = (uint8_t)take(cursor, 1);
    unit->first_special = (uint8_t)take(cursor, 1);
    for (int opcode = 1; opcode < unit->first_special; opcode++)
        unit->operands[opcode] = (uint8_t)take(cursor, 1);
    take_names(cursor, unit);
    return !cursor->failed && version == 4 && unit->range && unit->first_special;
}

/* The registers of the state machine, DWARF 4 section 6.2.2, as far as they matter here. */
struct row {
    uint64_t address, file, line;
    bool statement; /* its code begins a statement of this line */
};

/* A name is the source's own word and travels in lines of key=value. */
static void keep_in_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ')
            *text = '?';
}

static const char *folder_name(const struct unit *unit, uint64_t file)
{
    uint64_t folder = unit->folder_of[file];
    return folder && folder < unit->folders ? unit->folder[folder] : "";
}

/* Whether the row is of the project. What FORTIFY_SOURCE makes of a call is inlined from a header
 * of the library, and nobody wants to know its line: the row before is the call's. */
static bool is_own(const struct unit *unit, const struct row *row)
{
    return row->file && row->file < unit->files && *folder_name(unit, row->file) != '/' &&
           *unit->file[row->file] != '/';
}

static void name_line(const struct unit *unit, const struct row *row, struct line *line)
{
    const char *in = folder_name(unit, row->file);
    snprintf(line->file, sizeof line->file, "%s%s%s", in, *in ? "/" : "", unit->file[row->file]);
    keep_in_line(line->file);
    line->number = (unsigned)row->line;
}

/* A new row begins where `before` ends: true if `wanted` lies in between. */
static bool covers(const struct unit *unit, const struct row *before, const struct row *next,
                   uint64_t wanted)
{
    return before->line && before->file && before->file < unit->files &&
           before->address <= wanted && wanted < next->address;
}

static bool run_extended(struct cursor *cursor, struct row *row)
{
    uint64_t length = take_leb128(cursor, false);
    if (cursor->failed || !length || length > (uint64_t)(cursor->end - cursor->at)) {
        cursor->failed = true;
        return false;
    }
    const uint8_t *next = cursor->at + length;
    uint64_t opcode = take(cursor, 1);
    if (opcode == 2 && length == 9) /* DW_LNE_set_address */
        row->address = take(cursor, 8);
    cursor->at = next;
    return opcode == 1; /* DW_LNE_end_sequence */
}

static void run_standard(struct cursor *cursor, const struct unit *unit, uint8_t opcode,
                         struct row *row)
{
    switch (opcode) {
    case 2: /* DW_LNS_advance_pc */
        row->address += take_leb128(cursor, false) * unit->smallest_step;
        break;
    case 3: /* DW_LNS_advance_line */
        row->line += take_leb128(cursor, true);
        break;
    case 4: /* DW_LNS_set_file */
        row->file = take_leb128(cursor, false);
        break;
    case 6: /* DW_LNS_negate_stmt */
        row->statement = !row->statement;
        break;
    case 8: /* DW_LNS_const_add_pc */
        row->address += (uint64_t)((255 - unit->first_special) / unit->range) * unit->smallest_step;
        break;
    case 9: /* DW_LNS_fixed_advance_pc */
        row->address += take(cursor, 2);
        break;
    default: /* whatever it is, the header says how many operands it has */
        for (int i = 0; i < unit->operands[opcode]; i++)
            take_leb128(cursor, false);
    }
}

static bool find_in_unit(struct cursor *cursor, uint64_t wanted, struct line *line)
{
    struct unit unit = {0};
    if (!take_header(cursor, &unit))
        return false;
    const struct row start = {0, 1, 1, unit.statements};
    struct row row = start, before = {0}, own = {0};
    while (!cursor->failed && cursor->at < cursor->end) {
        uint8_t opcode = (uint8_t)take(cursor, 1);
        bool ends = false, emits = opcode == 1; /* DW_LNS_copy */
        if (opcode >= unit.first_special) {
            uint8_t adjusted = (uint8_t)(opcode - unit.first_special);
            row.address += (uint64_t)(adjusted / unit.range) * unit.smallest_step;
            row.line += (uint64_t)(int64_t)(unit.base + adjusted % unit.range);
            emits = true;
        } else if (opcode == 0) {
            ends = emits = run_extended(cursor, &row);
        } else if (opcode > 1) {
            run_standard(cursor, &unit, opcode, &row);
        }
        if (!emits)
            continue;
        if (covers(&unit, &before, &row, wanted)) {
            name_line(&unit, own.line ? &own : &before, line);
            return true;
        }
        /* Two rows for one address: the optimiser put code of a statement into another line. */
        if (!ends && before.line && before.address == row.address && before.file == row.file &&
            before.statement && !row.statement)
            continue;
        before = ends ? (struct row){0} : row;
        if (ends || is_own(&unit, &row))
            own = before;
        if (ends)
            row = start;
    }
    return false;
}

static bool find_in_table(const uint8_t *table, size_t size, uint64_t wanted, struct line *line)
{
    struct cursor cursor = {table, table + size, false};
    while (cursor.at < cursor.end && !cursor.failed) {
        uint64_t length = take(&cursor, 4);
        if (cursor.failed || length > (uint64_t)(cursor.end - cursor.at))
            return false;
        struct cursor unit = {cursor.at, cursor.at + length, false};
        if (find_in_unit(&unit, wanted, line))
            return true;
        cursor.at += length;
    }
    return false;
}

/* Whether a section lies wholly inside of the file; .bss need not. */
static bool inside(const Elf64_Shdr *section, size_t size)
{
    return section->sh_offset <= size && section->sh_size <= size - section->sh_offset;
}

static bool ends_in_nul(const uint8_t *file, size_t size, const Elf64_Shdr *text)
{
    return inside(text, size) && text->sh_size && !file[text->sh_offset + text->sh_size - 1];
}

/* The function that holds the address. What the compiler splits off has its name with a suffix. */
static void name_function(const uint8_t *file, size_t size, const Elf64_Shdr *table,
                          const Elf64_Shdr *names, uint64_t wanted, struct line *line)
{
    if (!inside(table, size) || table->sh_offset % 8 || !ends_in_nul(file, size, names))
        return;
    const Elf64_Sym *symbol = (const void *)(file + table->sh_offset);
    for (size_t i = 0; i < table->sh_size / sizeof *symbol; i++, symbol++) {
        if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_name >= names->sh_size ||
            wanted < symbol->st_value || wanted - symbol->st_value >= symbol->st_size)
            continue;
        const char *name = (const char *)file + names->sh_offset + symbol->st_name;
        snprintf(line->function, sizeof line->function, "%.*s", (int)strcspn(name, "."), name);
        keep_in_line(line->function);
        return;
    }
}

static bool find_in_file(const uint8_t *file, size_t size, uint64_t wanted, struct line *line)
{
    const Elf64_Ehdr *header = (const void *)file;
    if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_shoff > size || header->e_shoff % 8 ||
        (size - header->e_shoff) / sizeof(Elf64_Shdr) < header->e_shnum ||
        header->e_shstrndx >= header->e_shnum)
        return false;
    const Elf64_Shdr *section = (const void *)(file + header->e_shoff);
    const Elf64_Shdr *names = &section[header->e_shstrndx];
    bool found = false;
    if (!ends_in_nul(file, size, names))
        return false;
    for (int i = 0; i < header->e_shnum; i++) {
        if (section[i].sh_name >= names->sh_size)
            return false;
        const char *name = (const char *)file + names->sh_offset + section[i].sh_name;
        if (!strcmp(name, ".debug_line") && inside(&section[i], size))
            found = find_in_table(file + section[i].sh_offset, section[i].sh_size, wanted, line);
        else if (section[i].sh_type == SHT_SYMTAB && section[i].sh_link < header->e_shnum)
            name_function(file, size, &section[i], &section[section[i].sh_link], wanted, line);
    }
    return found;
}

bool lines_find(const char *path, uint64_t offset, struct line *line)
{
    int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0)
        return false;
    bool found = false;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        size_t size = (size_t)status.st_size;
        void *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        found = file != MAP_FAILED && find_in_file(file, size, offset, line);
        if (file != MAP_FAILED)
            munmap(file, size);
    }
    close(descriptor);
    return found;
}
