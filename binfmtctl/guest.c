/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ELF files of one segment: set the system call's number and argument, call. The words are
 * `exit(42)` in each machine's own encoding, checked against QEMU.
 */
#include <elf.h>
#include <string.h>

#include "binfmtctl/elfident.h"
#include "binfmtctl/guest.h"

static const struct {
	const char *machine;
	uint8_t size;
	uint8_t code[16]; /* in memory order */
} guests[] = {
	/* mov x0, #42; mov x8, #93; svc #0 */
	{"aarch64",
	 12,
	 {0x40, 0x05, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4}},
	/* mov r0, #42; mov r7, #1; svc #0 */
	{"arm",
	 12,
	 {0x2a, 0x00, 0xa0, 0xe3, 0x01, 0x70, 0xa0, 0xe3, 0x00, 0x00, 0x00, 0xef}},
	/* li a0, 42; li a7, 93; ecall */
	{"riscv64",
	 12,
	 {0x13, 0x05, 0xa0, 0x02, 0x93, 0x08, 0xd0, 0x05, 0x73, 0x00, 0x00, 0x00}},
	{"riscv32",
	 12,
	 {0x13, 0x05, 0xa0, 0x02, 0x93, 0x08, 0xd0, 0x05, 0x73, 0x00, 0x00, 0x00}},
	/* li r3, 42; li r0, 1; sc */
	{"ppc64le",
	 12,
	 {0x2a, 0x00, 0x60, 0x38, 0x01, 0x00, 0x00, 0x38, 0x02, 0x00, 0x00, 0x44}},
	{"ppc",
	 12,
	 {0x38, 0x60, 0x00, 0x2a, 0x38, 0x00, 0x00, 0x01, 0x44, 0x00, 0x00, 0x02}},
	/* lghi %r2, 42; svc 1 */
	{"s390x", 6, {0xa7, 0x29, 0x00, 0x2a, 0x0a, 0x01}},
	/* li a0, 42; li v0, 4001 or 5058; syscall */
	{"mips",
	 12,
	 {0x24, 0x04, 0x00, 0x2a, 0x24, 0x02, 0x0f, 0xa1, 0x00, 0x00, 0x00, 0x0c}},
	{"mipsel",
	 12,
	 {0x2a, 0x00, 0x04, 0x24, 0xa1, 0x0f, 0x02, 0x24, 0x0c, 0x00, 0x00, 0x00}},
	{"mips64",
	 12,
	 {0x24, 0x04, 0x00, 0x2a, 0x24, 0x02, 0x13, 0xc2, 0x00, 0x00, 0x00, 0x0c}},
	{"mips64el",
	 12,
	 {0x2a, 0x00, 0x04, 0x24, 0xc2, 0x13, 0x02, 0x24, 0x0c, 0x00, 0x00, 0x00}},
	/* mov $1, %al...: mov $42, %ebx; mov $1, %eax; int $0x80 */
	{"i386",
	 12,
	 {0xbb, 0x2a, 0x00, 0x00, 0x00, 0xb8, 0x01, 0x00, 0x00, 0x00, 0xcd, 0x80}},
	/* mov $42, %edi; mov $60, %eax; syscall */
	{"x86_64",
	 12,
	 {0xbf, 0x2a, 0x00, 0x00, 0x00, 0xb8, 0x3c, 0x00, 0x00, 0x00, 0x0f, 0x05}},
};

/* Fields in the target's byte order. */
struct writer {
	uint8_t *at;
	bool big;
};

static void put(struct writer *w, uint64_t value, unsigned int size)
{
	for (unsigned int i = 0; i < size; i++)
		*w->at++ = value >> 8 * (w->big ? size - 1 - i : i);
}

static size_t write_program(const struct elf_target *t, const uint8_t *code, size_t size,
			    uint8_t ret[GUEST_SIZE_MAX])
{
	bool wide = t->class == ELFCLASS64;
	struct writer w = {ret, t->data == ELFDATA2MSB};
	unsigned int word = wide ? 8 : 4;
	size_t header = wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr),
	       segment = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	uint64_t base = 0x10000, whole = header + segment + size;

	memset(ret, 0, GUEST_SIZE_MAX);
	memcpy(ret, ELFMAG, SELFMAG);
	ret[EI_CLASS] = t->class;
	ret[EI_DATA] = t->data;
	ret[EI_VERSION] = EV_CURRENT;
	w.at = ret + EI_NIDENT;
	put(&w, ET_EXEC, 2);
	put(&w, t->machine, 2);
	put(&w, EV_CURRENT, 4);
	put(&w, base + header + segment, word);
	put(&w, header, word);
	put(&w, 0, word);
	/* EABI 5; ELFv2; o32 and the 64-bit ABI; none elsewhere. */
	put(&w,
	    t->machine == EM_ARM               ? EF_ARM_EABI_VER5
	    : t->machine == EM_PPC64 && !w.big ? 2
	    : t->machine == EM_MIPS            ? (wide ? 0x20000000 : 0x1000)
					       : 0,
	    4);
	put(&w, header, 2);
	put(&w, segment, 2);
	put(&w, 1, 2);
	w.at = ret + header;
	put(&w, PT_LOAD, 4);
	if (wide)
		put(&w, PF_R | PF_X, 4);
	put(&w, 0, word);
	put(&w, base, word);
	put(&w, base, word);
	put(&w, whole, word);
	put(&w, whole, word);
	if (!wide)
		put(&w, PF_R | PF_X, 4);
	put(&w, 0x10000, word);
	memcpy(ret + header + segment, code, size);
	return whole;
}

size_t guest_program(const char *machine, uint8_t ret[GUEST_SIZE_MAX])
{
	const struct elf_target *target = elf_target_find(machine);

	for (size_t i = 0; target && i < ARRAY_SIZE(guests); i++)
		if (strcmp(guests[i].machine, machine) == 0)
			return write_program(target, guests[i].code, guests[i].size, ret);
	return 0;
}
