/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Symbol tables are read whole into memory once per file: .symtab, or .dynsym where that was
 * stripped. Nothing in a file is trusted.
 */
#include <linux/elf.h>
#include <linux/fcntl.h>

#include "linux-user/host.h"
#include "linux-user/procfs.h"
#include "linux-user/symbols.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/syscall.h"
#include "rt/text.h"

#define MAX_OBJECTS 64
#define MAX_RANGES  256
#define MAX_TABLE   (64u << 20)
#define MAX_HEADERS 64

struct object {
	char path[512];
	uint64_t device, inode;
	Elf64_Sym *symbols;
	char *strings;
	size_t count, strings_size;
	unsigned loads;
	struct {
		uint64_t offset, size, address;
	} load[8];
};

static struct object *objects[MAX_OBJECTS];
static unsigned object_count;

/* Mappings that were looked up. */
static struct range {
	struct procfs_mapping map;
	struct object *object;
	char name[64]; /* without an object */
} *ranges;
static unsigned range_count;

static bool read_at(int fd, void *to, uint64_t size, uint64_t offset)
{
	return rt_syscall(__NR_pread64, fd, to, size, offset) == (long)size;
}

static void *read_table(int fd, uint64_t offset, uint64_t size)
{
	void *p;

	if (!size || size > MAX_TABLE)
		return NULL;
	p = rt_map_anon(size);
	if (p && !read_at(fd, p, size, offset)) {
		rt_unmap(p, size);
		p = NULL;
	}
	return p;
}

static void read_loads(struct object *o, int fd, const Elf64_Ehdr *eh)
{
	Elf64_Phdr ph;

	for (unsigned i = 0; i < eh->e_phnum && i < MAX_HEADERS && o->loads < 8; i++) {
		if (!read_at(fd, &ph, sizeof(ph), eh->e_phoff + i * sizeof(ph)))
			return;
		if (ph.p_type != PT_LOAD)
			continue;
		o->load[o->loads].offset = ph.p_offset;
		o->load[o->loads].size = ph.p_filesz;
		o->load[o->loads++].address = ph.p_vaddr;
	}
}

static void read_symbols(struct object *o, int fd, const Elf64_Ehdr *eh)
{
	Elf64_Shdr sh, best = { 0 }, strings;

	for (unsigned i = 0; i < eh->e_shnum && i < 4 * MAX_HEADERS; i++) {
		if (!read_at(fd, &sh, sizeof(sh), eh->e_shoff + i * sizeof(sh)))
			return;
		if (sh.sh_type == SHT_SYMTAB || (sh.sh_type == SHT_DYNSYM && !best.sh_type))
			best = sh;
	}
	if (!best.sh_type ||
	    !read_at(fd, &strings, sizeof(strings), eh->e_shoff + best.sh_link * sizeof(sh)))
		return;
	o->strings = read_table(fd, strings.sh_offset, strings.sh_size);
	o->symbols = read_table(fd, best.sh_offset, best.sh_size);
	if (!o->strings || !o->symbols)
		return;
	o->strings_size = strings.sh_size;
	o->strings[o->strings_size - 1] = 0;
	o->count = best.sh_size / sizeof(Elf64_Sym);
}

static struct object *find_object(const struct procfs_mapping *map, const char *path)
{
	struct object *o;
	Elf64_Ehdr eh;
	int fd;

	for (unsigned i = 0; i < object_count; i++)
		if (objects[i]->inode == map->inode && objects[i]->device == map->device)
			return objects[i];
	if (object_count == MAX_OBJECTS || path[0] != '/')
		return NULL;
	o = rt_map_anon(sizeof(*o));
	if (!o)
		return NULL;
	objects[object_count++] = o;
	rt_strcpy(o->path, sizeof(o->path), path);
	o->device = map->device;
	o->inode = map->inode;
	fd = (int)rt_syscall(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return o;
	if (read_at(fd, &eh, sizeof(eh), 0) && memcmp(eh.e_ident, ELFMAG, SELFMAG) == 0 &&
	    eh.e_ident[EI_CLASS] == ELFCLASS64 && eh.e_phentsize == sizeof(Elf64_Phdr)) {
		read_loads(o, fd, &eh);
		if (eh.e_shentsize == sizeof(Elf64_Shdr))
			read_symbols(o, fd, &eh);
	}
	rt_syscall(__NR_close, fd);
	return o;
}

static struct range *find_range(uint64_t address)
{
	char path[512];
	struct range *r;

	for (unsigned i = 0; i < range_count; i++)
		if (address >= ranges[i].map.start && address < ranges[i].map.end)
			return &ranges[i];
	if (!ranges)
		ranges = rt_map_anon(MAX_RANGES * sizeof(*ranges));
	if (!ranges)
		return NULL;
	if (range_count == MAX_RANGES)
		range_count = 0;
	r = &ranges[range_count];
	if (!procfs_find_mapping(address, &r->map, path, sizeof(path)))
		return NULL;
	r->object = find_object(&r->map, path);
	rt_strcpy(r->name, sizeof(r->name), path);
	range_count++;
	return r;
}

/* The function that contains an address of the file's own. */
static const Elf64_Sym *find_symbol(const struct object *o, uint64_t address)
{
	const Elf64_Sym *best = NULL;

	for (size_t i = 0; i < o->count; i++) {
		const Elf64_Sym *s = &o->symbols[i];
		unsigned type = s->st_info & 15;

		if ((type != STT_FUNC && type != STT_NOTYPE && type != 10) || !s->st_shndx ||
		    s->st_name >= o->strings_size || s->st_value > address ||
		    (s->st_size && address - s->st_value >= s->st_size))
			continue;
		/* "$x" and its like mark code and data. */
		if (o->strings[s->st_name] == '$' || !o->strings[s->st_name])
			continue;
		if (!best || s->st_value > best->st_value ||
		    (s->st_value == best->st_value && s->st_size && !best->st_size))
			best = s;
	}
	return best;
}

bool symbols_find(uint64_t address, bool fresh, struct symbol *ret)
{
	const struct range *r;
	const struct object *o;
	uint64_t offset;

	if (fresh)
		range_count = 0;
	r = find_range(address);
	if (!r)
		return false;
	memset(ret, 0, sizeof(*ret));
	ret->map_start = r->map.start;
	ret->map_end = r->map.end;
	ret->map_offset = r->map.offset;
	memcpy(ret->perms, r->map.perms, sizeof(ret->perms));
	o = r->object;
	rt_strcpy(ret->file, sizeof(ret->file), o ? o->path : r->name);
	ret->offset = offset = address - r->map.start + r->map.offset;
	for (unsigned i = 0; o && i < o->loads; i++) {
		const Elf64_Sym *s;

		if (offset - o->load[i].offset >= o->load[i].size)
			continue;
		s = find_symbol(o, offset - o->load[i].offset + o->load[i].address);
		if (s) {
			rt_strcpy(ret->name, sizeof(ret->name), o->strings + s->st_name);
			ret->offset = offset - o->load[i].offset + o->load[i].address - s->st_value;
			break;
		}
	}
	return true;
}

size_t symbols_describe(const struct symbol *s, char *buf, size_t size)
{
	const char *file = rt_basename(s->file);

	if (s->name[0])
		return rt_format(buf, size, "%s+0x%lx (%s)", s->name, (unsigned long)s->offset, file);
	if (s->file[0] == '/')
		return rt_format(buf, size, "%s+0x%lx", file, (unsigned long)s->offset);
	return rt_format(buf, size, "%s", s->file);
}
