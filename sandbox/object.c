#define _GNU_SOURCE
#include "object.h"

#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void names_add(struct names *names, const char *name)
{
    if (names->count == names->room) {
        names->room = names->room ? names->room * 2 : 256;
        names->item = realloc(names->item, names->room * sizeof *names->item);
        if (!names->item)
            _exit(71);
    }
    names->item[names->count++] = name;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void names_sort(struct names *names)
{
    if (names->count)
        qsort(names->item, names->count, sizeof *names->item, by_text);
}

bool names_have(const struct names *names, const char *name)
{
    return names->count &&
           bsearch(&name, names->item, names->count, sizeof *names->item, by_text);
}

/* A stretch of the file, or NULL if it is not wholly inside. */
static const void *stretch(const uint8_t *file, size_t size, uint64_t offset, uint64_t length)
{
    return offset <= size && length <= size - offset ? file + offset : NULL;
}

static const Elf64_Ehdr *header_of(const uint8_t *file, size_t size)
{
    const Elf64_Ehdr *header = stretch(file, size, 0, sizeof *header);
    if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_type != ET_REL ||
        header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shoff % 8)
        return NULL;
    return header;
}

static bool begins_with(const char *text, const char *start)
{
    return !strncmp(text, start, strlen(start));
}

/* Names of the implementation, C17 7.1.3: whoever defines them replaces a guard or the start. */
static bool is_reserved(const char *name)
{
    return begins_with(name, "__") || !strcmp(name, "_start") || !strcmp(name, "_init") ||
           !strcmp(name, "_fini");
}

/* What gcc adds to a sanitized object: one constructor and one destructor, of a priority that it
 * warns everybody else of, and a mark for each global variable, whose name no C text can spell. */
static bool is_sanitizers(const Elf64_Shdr *section, const char *name)
{
    return section->sh_size == 8 &&
           (!strcmp(name, ".init_array.00099") || !strcmp(name, ".fini_array.00099"));
}

static void check_symbol(const Elf64_Sym *symbol, const char *name, bool sanitized,
                         object_refuse *refuse)
{
    if (sanitized && begins_with(name, "__odr_asan."))
        return;
    if (ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC)
        refuse("indirect-function", name);
    if (symbol->st_shndx != SHN_UNDEF && is_reserved(name))
        refuse("reserved-definition", name);
}

static bool read_table(const uint8_t *file, size_t size, const Elf64_Shdr *table,
                       const Elf64_Shdr *strings, struct names *defined, struct names *undefined,
                       bool sanitized, object_refuse *refuse)
{
    const Elf64_Sym *symbol = stretch(file, size, table->sh_offset, table->sh_size);
    const char *text = stretch(file, size, strings->sh_offset, strings->sh_size);
    if (!symbol || !text || table->sh_offset % 8 || !strings->sh_size ||
        text[strings->sh_size - 1] != '\0')
        return false;
    for (size_t i = 0; i < table->sh_size / sizeof *symbol; i++, symbol++) {
        if (ELF64_ST_BIND(symbol->st_info) == STB_LOCAL)
            continue;
        if (symbol->st_name >= strings->sh_size)
            return false;
        const char *name = text + symbol->st_name;
        check_symbol(symbol, name, sanitized, refuse);
        names_add(symbol->st_shndx == SHN_UNDEF ? undefined : defined, name);
    }
    return true;
}

/* Sections whose content runs without being called. */
static const char *const runs_by_itself[] = {".init", ".fini", ".preinit_array", ".ctors", ".dtors"};

static void check_section(const Elf64_Shdr *section, const char *name, bool sanitized,
                          object_refuse *refuse)
{
    bool executable = section->sh_flags & SHF_EXECINSTR;
    if (!strcmp(name, ".note.GNU-stack")) {
        if (executable)
            refuse("executable-stack", name);
        return;
    }
    if (sanitized && is_sanitizers(section, name))
        return;
    /* also .init_array and .fini_array, with or without a priority behind */
    for (size_t i = 0; i < sizeof runs_by_itself / sizeof *runs_by_itself; i++)
        if (begins_with(name, runs_by_itself[i])) {
            refuse("constructor", name);
            return;
        }
    if (executable && strcmp(name, ".text") && !begins_with(name, ".text."))
        refuse("executable-section", name);
}

static bool check_sections(const uint8_t *file, size_t size, const Elf64_Shdr *section,
                           size_t count, size_t names_at, bool sanitized, object_refuse *refuse)
{
    if (names_at >= count)
        return false;
    const Elf64_Shdr *names = &section[names_at];
    const char *text = stretch(file, size, names->sh_offset, names->sh_size);
    if (!text || !names->sh_size || text[names->sh_size - 1] != '\0')
        return false;
    for (size_t i = 0; i < count; i++) {
        if (section[i].sh_name >= names->sh_size)
            return false;
        check_section(&section[i], text + section[i].sh_name, sanitized, refuse);
    }
    return true;
}

static bool read_object(const uint8_t *file, size_t size, struct names *defined,
                        struct names *undefined, bool sanitized, object_refuse *refuse)
{
    const Elf64_Ehdr *header = header_of(file, size);
    if (!header)
        return false;
    /* Objects with more than 65,279 sections keep their number elsewhere; nobody writes those. */
    size_t count = header->e_shnum;
    const Elf64_Shdr *section =
        stretch(file, size, header->e_shoff, count * sizeof(Elf64_Shdr));
    if (!section || !count ||
        !check_sections(file, size, section, count, header->e_shstrndx, sanitized, refuse))
        return false;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (section[i].sh_type != SHT_SYMTAB)
            continue;
        if (section[i].sh_link >= count ||
            !read_table(file, size, &section[i], &section[section[i].sh_link], defined, undefined,
                        sanitized, refuse))
            return false;
        found = true;
    }
    return found;
}

bool object_read(const char *path, struct names *defined, struct names *undefined,
                 bool sanitized, object_refuse *refuse)
{
    int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0)
        return false;
    if (fstat(descriptor, &status) || !S_ISREG(status.st_mode) || status.st_size <= 0) {
        close(descriptor);
        return false;
    }
    /* Stays mapped: the names point into it. */
    const uint8_t *file =
        mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    close(descriptor);
    return file != MAP_FAILED &&
           read_object(file, (size_t)status.st_size, defined, undefined, sanitized, refuse);
}
