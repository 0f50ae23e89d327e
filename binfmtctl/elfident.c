/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ELF magics. Bytes 4 to 6 are class, data and version, 7 the OSABI (glibc marks static
 * programs with indirect functions as 3, everything else as 0), 8 to 15 padding (AppImages
 * sign bytes 8 to 10), 16 e_type, 18 e_machine.
 */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "common/fd.h"

#include "binfmtctl/elfident.h"

/* Numbers that not every <elf.h> has. */
enum {
	I486 = 6,
	MICROBLAZE_OLD = 0xbaab, /* of the first compilers */
	HEXAGON = 164,
	LOONGARCH = 258,
};

static const struct elf_target targets[] = {
	{"aarch64", ELFCLASS64, ELFDATA2LSB, EM_AARCH64, true, "xlate-aarch64", 0, 0},
	{"aarch64_be", ELFCLASS64, ELFDATA2MSB, EM_AARCH64, true, NULL, 0, 0},
	{"arm", ELFCLASS32, ELFDATA2LSB, EM_ARM, true, "xlate-arm", 0, 0},
	{"armeb", ELFCLASS32, ELFDATA2MSB, EM_ARM, true, NULL, 0, 0},
	{"alpha", ELFCLASS64, ELFDATA2LSB, EM_ALPHA, true, NULL, 0, 0},
	{"cris", ELFCLASS32, ELFDATA2LSB, EM_CRIS, true, NULL, 0, 0},
	{"hexagon", ELFCLASS32, ELFDATA2LSB, HEXAGON, true, NULL, 0, 0},
	{"hppa", ELFCLASS32, ELFDATA2MSB, EM_PARISC, true, NULL, 0, 0},
	{"i386", ELFCLASS32, ELFDATA2LSB, EM_386, true, NULL, 0, 0},
	{"i486", ELFCLASS32, ELFDATA2LSB, I486, true, NULL, 0, 0},
	{"loongarch64", ELFCLASS64, ELFDATA2LSB, LOONGARCH, true, NULL, 0, 0},
	{"m68k", ELFCLASS32, ELFDATA2MSB, EM_68K, true, NULL, 0, 0},
	{"microblaze", ELFCLASS32, ELFDATA2MSB, EM_MICROBLAZE, true, NULL, 0, 0},
	{"microblazeel", ELFCLASS32, ELFDATA2LSB, EM_MICROBLAZE, true, NULL, 0, 0},
	{"mips", ELFCLASS32, ELFDATA2MSB, EM_MIPS, true, NULL, 0, EF_MIPS_ABI2},
	{"mipsel", ELFCLASS32, ELFDATA2LSB, EM_MIPS, true, NULL, 0, EF_MIPS_ABI2},
	{"mipsn32", ELFCLASS32, ELFDATA2MSB, EM_MIPS, true, NULL, EF_MIPS_ABI2,
	 EF_MIPS_ABI2},
	{"mipsn32el", ELFCLASS32, ELFDATA2LSB, EM_MIPS, true, NULL, EF_MIPS_ABI2,
	 EF_MIPS_ABI2},
	{"mips64", ELFCLASS64, ELFDATA2MSB, EM_MIPS, true, NULL, 0, 0},
	{"mips64el", ELFCLASS64, ELFDATA2LSB, EM_MIPS, true, NULL, 0, 0},
	{"nios2", ELFCLASS32, ELFDATA2LSB, EM_ALTERA_NIOS2, true, NULL, 0, 0},
	{"or1k", ELFCLASS32, ELFDATA2MSB, EM_OPENRISC, true, NULL, 0, 0},
	{"ppc", ELFCLASS32, ELFDATA2MSB, EM_PPC, true, NULL, 0, 0},
	{"ppc64", ELFCLASS64, ELFDATA2MSB, EM_PPC64, true, NULL, 0, 0},
	{"ppc64le", ELFCLASS64, ELFDATA2LSB, EM_PPC64, true, NULL, 0, 0},
	{"riscv32", ELFCLASS32, ELFDATA2LSB, EM_RISCV, true, NULL, 0, 0},
	{"riscv64", ELFCLASS64, ELFDATA2LSB, EM_RISCV, true, NULL, 0, 0},
	{"s390x", ELFCLASS64, ELFDATA2MSB, EM_S390, true, NULL, 0, 0},
	{"sh4", ELFCLASS32, ELFDATA2LSB, EM_SH, true, NULL, 0, 0},
	{"sh4eb", ELFCLASS32, ELFDATA2MSB, EM_SH, true, NULL, 0, 0},
	{"sparc", ELFCLASS32, ELFDATA2MSB, EM_SPARC, true, NULL, 0, 0},
	{"sparc32plus", ELFCLASS32, ELFDATA2MSB, EM_SPARC32PLUS, true, NULL, 0, 0},
	{"sparc64", ELFCLASS64, ELFDATA2MSB, EM_SPARCV9, true, NULL, 0, 0},
	{"x86_64", ELFCLASS64, ELFDATA2LSB, EM_X86_64, true, NULL, 0, 0},
	{"xtensa", ELFCLASS32, ELFDATA2LSB, EM_XTENSA, true, NULL, 0, 0},
	{"xtensaeb", ELFCLASS32, ELFDATA2MSB, EM_XTENSA, true, NULL, 0, 0},

	{"aarch64_ilp32", ELFCLASS32, ELFDATA2LSB, EM_AARCH64, false, NULL, 0, 0},
	{"microblaze", ELFCLASS32, ELFDATA2MSB, MICROBLAZE_OLD, false, NULL, 0, 0},
	{"microblazeel", ELFCLASS32, ELFDATA2LSB, MICROBLAZE_OLD, false, NULL, 0, 0},
	{"s390", ELFCLASS32, ELFDATA2MSB, EM_S390, false, NULL, 0, 0},
	{"x32", ELFCLASS32, ELFDATA2LSB, EM_X86_64, false, NULL, 0, 0},
};

/* The native machine, for elf_rule_takes_native(). */
static const struct elf_target native = {
	.class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32,
	.data = BYTE_ORDER == LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB,
#if defined(__x86_64__)
	.machine = EM_X86_64,
#elif defined(__aarch64__)
	.machine = EM_AARCH64,
#elif defined(__i386__)
	.machine = EM_386,
#else
	.machine = EM_NONE,
#endif
};

const struct elf_target *elf_target_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		if (targets[i].generate && strcmp(targets[i].name, name) == 0)
			return &targets[i];
	return NULL;
}

const struct elf_target *elf_target_of(uint8_t class, uint8_t data, uint16_t machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		if (targets[i].class == class && targets[i].data == data &&
		    targets[i].machine == machine)
			return &targets[i];
	return NULL;
}

const struct elf_target *elf_target_of_header(const struct elf_header *header)
{
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		if (targets[i].class == header->class &&
		    targets[i].data == header->data &&
		    targets[i].machine == header->machine &&
		    targets[i].flags == (header->flags & targets[i].flags_mask))
			return &targets[i];
	return NULL;
}

bool elf_target_knows(uint16_t machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		if (targets[i].machine == machine)
			return true;
	return false;
}

const struct elf_target *elf_target_at(size_t index)
{
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		if (targets[i].generate && index-- == 0)
			return &targets[i];
	return NULL;
}

static uint32_t get(const uint8_t *p, unsigned int size, uint8_t data)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < size; i++)
		value |= (uint32_t)p[i] << 8 * (data == ELFDATA2LSB ? i : size - 1 - i);
	return value;
}

static void put(uint8_t *p, unsigned int size, uint8_t data, uint32_t value)
{
	for (unsigned int i = 0; i < size; i++)
		p[i] = value >> 8 * (data == ELFDATA2LSB ? i : size - 1 - i);
}

int elf_header_parse(const void *head, size_t size, struct elf_header *ret,
		     struct diag *reterr_diag)
{
	const uint8_t *p = head;
	bool wide;

	if (size < SELFMAG || memcmp(p, ELFMAG, SELFMAG) != 0) {
		diag_set(reterr_diag, 0, "not an ELF file");
		if (size >= 2 && p[0] == '#' && p[1] == '!')
			diag_hint(reterr_diag, "it is a script");
		return -ENOEXEC;
	}
	if (size < EI_NIDENT || size < (p[EI_CLASS] == ELFCLASS64 ? sizeof(Elf64_Ehdr)
								  : sizeof(Elf32_Ehdr))) {
		diag_set(reterr_diag, 0, "the ELF header is cut short after %zu bytes",
			 size);
		return -ENOEXEC;
	}
	wide = p[EI_CLASS] == ELFCLASS64;
	if ((!wide && p[EI_CLASS] != ELFCLASS32) ||
	    (p[EI_DATA] != ELFDATA2LSB && p[EI_DATA] != ELFDATA2MSB)) {
		diag_set(reterr_diag, 0,
			 "class %u and byte order %u in the ELF header are unknown",
			 p[EI_CLASS], p[EI_DATA]);
		return -ENOEXEC;
	}
	*ret = (struct elf_header){
		.class = p[EI_CLASS],
		.data = p[EI_DATA],
		.osabi = p[EI_OSABI],
		.type = get(p + 16, 2, p[EI_DATA]),
		.machine = get(p + 18, 2, p[EI_DATA]),
		.flags = get(p + (wide ? offsetof(Elf64_Ehdr, e_flags)
				       : offsetof(Elf32_Ehdr, e_flags)),
			     4, p[EI_DATA]),
	};
	return 0;
}

/* Adds a field to magic and mask, which grow as far as needed. */
static void want(struct rule *rule, size_t at, unsigned int size, uint8_t data,
		 uint32_t value, uint32_t mask)
{
	put(rule->magic + at, size, data, value & mask);
	put(rule->mask + at, size, data, mask);
	if (rule->size < at + size)
		rule->size = at + size;
}

static int want_arm_flags(const struct elf_target *target, const struct elf_match *match,
			  struct rule *rule, struct diag *diag)
{
	uint32_t value = 0, mask = 0;

	if (target->machine != EM_ARM) {
		diag_set(diag, 0,
			 "only 32-bit Arm programs say which float ABI or BE8 they are");
		return -EINVAL;
	}
	if (match->float_abi == ELF_FLOAT_HARD)
		value |= EF_ARM_ABI_FLOAT_HARD, mask |= EF_ARM_ABI_FLOAT_HARD;
	else if (match->float_abi == ELF_FLOAT_SOFT)
		value |= EF_ARM_ABI_FLOAT_SOFT, mask |= EF_ARM_ABI_FLOAT_SOFT;
	if (match->be8) {
		if (target->data != ELFDATA2MSB) {
			diag_set(diag, 0, "BE8 exists for armeb only");
			return -EINVAL;
		}
		value |= EF_ARM_BE8, mask |= EF_ARM_BE8;
	}
	want(rule, offsetof(Elf32_Ehdr, e_flags), 4, target->data, value, mask);
	return 0;
}

/*
 * ld.so and static-pie programs have no PT_PHDR segment, dynamic and PIE ones have it first.
 * That is how linkers lay out 64-bit Arm; 32-bit Arm puts PT_ARM_EXIDX first in all of them.
 */
static int want_loader(const struct elf_target *target, struct rule *rule,
		       struct diag *diag)
{
	if (target->class != ELFCLASS64) {
		diag_set(diag, 0,
			 "the header of 32-bit Arm programs does not tell ld.so and "
			 "static-pie from other position-independent programs");
		return -EINVAL;
	}
	want(rule, offsetof(Elf64_Ehdr, e_phoff) + (target->data == ELFDATA2LSB ? 0 : 4),
	     4, target->data, sizeof(Elf64_Ehdr), UINT32_MAX);
	memset(rule->mask + offsetof(Elf64_Ehdr, e_phoff), 0xff, 8);
	want(rule, sizeof(Elf64_Ehdr), 4, target->data, PT_LOAD, UINT32_MAX);
	return 0;
}

int elf_rule(const struct elf_target *target, const struct elf_match *match,
	     struct rule *rule, struct diag *reterr_diag)
{
	unsigned int types = match->loader ? ELF_TYPE_DYN : match->types;
	uint8_t osabi_mask = 0;
	int err = 0;

	rule->type = RULE_MAGIC;
	rule->offset = 0;
	rule->size = 20;
	rule->has_mask = true;
	memset(rule->magic, 0, sizeof(rule->magic));
	memset(rule->mask, 0, sizeof(rule->mask));
	memcpy(rule->magic, ELFMAG, SELFMAG);
	rule->magic[EI_CLASS] = target->class;
	rule->magic[EI_DATA] = target->data;
	rule->magic[EI_VERSION] = EV_CURRENT;
	memset(rule->mask, 0xff, EI_NIDENT);
	if (match->osabi == ELF_OSABI_UP_TO_GNU)
		osabi_mask = 0xfc;
	else if (match->osabi == ELF_OSABI_STRICT)
		osabi_mask = 0xff;
	rule->mask[EI_OSABI] = osabi_mask;
	if (match->appimage)
		memset(rule->mask + 8, 0, 3);
	/* ET_EXEC is 2 and ET_DYN 3: both by leaving the lowest bit free. */
	want(rule, 16, 2, target->data, types == ELF_TYPE_DYN ? ET_DYN : ET_EXEC,
	     types == (ELF_TYPE_EXEC | ELF_TYPE_DYN) ? 0xfffe : 0xffff);
	want(rule, 18, 2, target->data, target->machine, 0xffff);
	if (target->flags_mask)
		want(rule,
		     target->class == ELFCLASS64 ? offsetof(Elf64_Ehdr, e_flags)
						 : offsetof(Elf32_Ehdr, e_flags),
		     4, target->data, target->flags, target->flags_mask);
	if (match->float_abi != ELF_FLOAT_ANY || match->be8)
		err = want_arm_flags(target, match, rule, reterr_diag);
	if (!err && match->loader)
		err = want_loader(target, rule, reterr_diag);
	return err;
}

/* Magic and mask bytes of an ELF rule, the mask spelled out; false if it is no ELF rule. */
static bool elf_view(const struct rule *rule, uint8_t mask[RULE_WINDOW_MAX])
{
	if (rule->type != RULE_MAGIC || rule->offset != 0 || rule->size < 20 ||
	    memcmp(rule->magic, ELFMAG, SELFMAG) != 0)
		return false;
	if (rule->has_mask)
		memcpy(mask, rule->mask, rule->size);
	else
		memset(mask, 0xff, rule->size);
	return mask[0] == 0xff && mask[1] == 0xff && mask[2] == 0xff && mask[3] == 0xff;
}

void elf_describe(const struct rule *rule, struct text *ret)
{
	uint8_t mask[RULE_WINDOW_MAX];
	bool elf = elf_view(rule, mask);

	if (rule->type == RULE_BPF) {
		text_puts(ret, "what a BPF handler says");
	} else if (rule->type == RULE_EXTENSION) {
		text_putc(ret, '.');
		text_escape(ret, rule->extension, strlen(rule->extension));
	} else if (elf && (mask[18] || mask[19])) {
		uint8_t data = rule->magic[EI_DATA];
		uint16_t machine = get(rule->magic + 18, 2, data);
		const struct elf_target *t =
			elf_target_of(rule->magic[EI_CLASS], data, machine);

		if (t)
			text_printf(ret, "%s ELF", t->name);
		else
			text_printf(ret, "ELF machine %u", machine);
	} else {
		size_t shown = rule->size > 8 ? 8 : rule->size;

		text_hex(ret, rule->magic, shown);
		if (shown < rule->size)
			text_puts(ret, "...");
		if (rule->offset)
			text_printf(ret, " at %u", rule->offset);
	}
}

static const char *types_text(uint16_t type, uint16_t mask)
{
	bool exec = ((type ^ ET_EXEC) & mask) == 0, dyn = ((type ^ ET_DYN) & mask) == 0;

	if (exec && dyn)
		return "ET_EXEC, ET_DYN";
	return exec ? "ET_EXEC" : dyn ? "ET_DYN" : "neither ET_EXEC nor ET_DYN";
}

void elf_explain(const struct rule *rule, struct text *ret)
{
	uint8_t mask[RULE_WINDOW_MAX], data = rule->magic[EI_DATA];

	if (!elf_view(rule, mask))
		return;
	text_puts(ret, "  machine:     ");
	elf_describe(rule, ret);
	text_printf(ret, "\n  class:       %s\n",
		    mask[EI_CLASS] != 0xff                ? "several"
		    : rule->magic[EI_CLASS] == ELFCLASS64 ? "64-bit"
							  : "32-bit");
	text_printf(ret, "  byte order:  %s\n",
		    mask[EI_DATA] != 0xff ? "several"
		    : data == ELFDATA2LSB ? "little"
					  : "big");
	text_printf(ret, "  file types:  %s\n",
		    types_text(get(rule->magic + 16, 2, data), get(mask + 16, 2, data)));
	if (mask[EI_OSABI] == 0)
		text_puts(ret, "  OSABI:       any\n");
	else if (mask[EI_OSABI] == 0xff)
		text_printf(ret, "  OSABI:       %u only\n", rule->magic[EI_OSABI]);
	else
		text_printf(ret, "  OSABI:       %u under mask %02x\n",
			    rule->magic[EI_OSABI], mask[EI_OSABI]);
	if (rule->size > 20)
		text_printf(ret, "  also looks at %zu bytes behind the machine number\n",
			    rule->size - 20);
}

static uint64_t get_wide(const uint8_t *p, uint8_t data)
{
	uint64_t first = get(p, 4, data), second = get(p + 4, 4, data);

	return data == ELFDATA2LSB ? second << 32 | first : first << 32 | second;
}

/* Offset and size of the segment's file part when it names the loader. */
static bool is_interp(const uint8_t *segment, bool wide, uint8_t data, uint64_t ret[2])
{
	if (get(segment, 4, data) != PT_INTERP)
		return false;
	ret[0] = wide ? get_wide(segment + offsetof(Elf64_Phdr, p_offset), data)
		      : get(segment + offsetof(Elf32_Phdr, p_offset), 4, data);
	ret[1] = wide ? get_wide(segment + offsetof(Elf64_Phdr, p_filesz), data)
		      : get(segment + offsetof(Elf32_Phdr, p_filesz), 4, data);
	return true;
}

int elf_loader(int fd, char *ret, size_t size)
{
	uint8_t head[sizeof(Elf64_Ehdr)], segment[sizeof(Elf64_Phdr)];
	unsigned int count, entry_size;
	struct elf_header header;
	uint64_t offset, part[2];
	ssize_t n = fd_read_at(fd, head, sizeof(head), 0);
	bool wide;

	if (n < 0)
		return n;
	if (elf_header_parse(head, n, &header, NULL))
		return -ENOEXEC;
	wide = header.class == ELFCLASS64;
	offset = wide ? get_wide(head + offsetof(Elf64_Ehdr, e_phoff), header.data)
		      : get(head + offsetof(Elf32_Ehdr, e_phoff), 4, header.data);
	entry_size = get(head + (wide ? offsetof(Elf64_Ehdr, e_phentsize)
				      : offsetof(Elf32_Ehdr, e_phentsize)),
			 2, header.data);
	count = get(head + (wide ? offsetof(Elf64_Ehdr, e_phnum)
				 : offsetof(Elf32_Ehdr, e_phnum)),
		    2, header.data);
	if (entry_size != (wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)) ||
	    offset > INT64_MAX / 2)
		return -ENOEXEC;
	*ret = '\0';
	for (unsigned int i = 0; i < count; i++) {
		n = fd_read_at(fd, segment, entry_size, offset + i * entry_size);
		if (n != (ssize_t)entry_size)
			return -ENOEXEC;
		if (!is_interp(segment, wide, header.data, part))
			continue;
		if (part[1] > size || part[0] > INT64_MAX / 2)
			return -ENAMETOOLONG;
		if (part[1] < 2 ||
		    fd_read_at(fd, ret, part[1], part[0]) != (ssize_t)part[1] ||
		    ret[part[1] - 1])
			return -ENOEXEC;
		break;
	}
	return 0;
}

bool elf_rule_takes_native(const struct rule *rule, const char **ret_what)
{
	static const char script[] = "#!/bin/sh\n";
	static const uint8_t osabis[] = {ELFOSABI_NONE, ELFOSABI_GNU};
	static const struct {
		uint16_t type;
		uint32_t first_segment;
		const char *what;
	} programs[] = {
		{ET_DYN, PT_PHDR, "native programs"},
		{ET_EXEC, PT_PHDR, "native programs"},
		{ET_EXEC, PT_LOAD, "native static programs"},
		{ET_DYN, PT_LOAD, "the native dynamic loader"},
	};

	if (rule->type != RULE_MAGIC)
		return false;
	if (rule_matches(rule, script, sizeof(script) - 1, "/bin/script")) {
		*ret_what = "#! scripts";
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		for (size_t j = 0; j < ARRAY_SIZE(osabis); j++) {
			uint8_t head[RULE_WINDOW_MAX] = {0x7f, 'E', 'L', 'F'};

			head[EI_CLASS] = native.class;
			head[EI_DATA] = native.data;
			head[EI_VERSION] = EV_CURRENT;
			head[EI_OSABI] = osabis[j];
			put(head + 16, 2, native.data, programs[i].type);
			put(head + 18, 2, native.data, native.machine);
			put(head + 20, 4, native.data, EV_CURRENT);
			if (native.class == ELFCLASS64) {
				put(head + 32, 4, native.data, sizeof(Elf64_Ehdr));
				put(head + 64, 4, native.data, programs[i].first_segment);
			}
			if (rule_matches(rule, head, sizeof(head), "/bin/program")) {
				*ret_what = programs[i].what;
				return true;
			}
		}
	return false;
}
