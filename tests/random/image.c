/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Puts sequences and their driver into a static ELF image, all as machine code written
 * here: no compiler for the guest is needed.
 *
 *	for each sequence:
 *		x0 = its initial state; call prologue	fresh scratch memory, all registers
 *		ldr x30, literal
 *		the sequence
 *		msr tpidr_el0, x30; x30 = record; save x0 and x1
 *		x0 = next sequence; go to epilogue	fill in the record, write it, go to x0
 *	exit(0)
 *
 * tags: tests/random - image and driver
 */
#include "tests/random/random.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TEMPLATE_AT 4096 /* in the data segment: initial scratch memory */
#define INIT_AT     8192

#define NOP 0xd503201f

struct code {
	uint32_t *words;
	unsigned count;
};

static uint64_t here(const struct code *c)
{
	return IMAGE_TEXT + 4ull * c->count;
}

static void emit(struct code *c, uint32_t word)
{
	c->words[c->count++] = word;
}

static void emit_branch(struct code *c, uint32_t op, uint64_t target)
{
	emit(c, op | ((uint32_t)((int64_t)(target - here(c)) / 4) & 0x3ffffff));
}

/* rd = address, which is in the data segment or the text */
static void emit_address(struct code *c, unsigned rd, uint64_t address)
{
	uint32_t pages = (uint32_t)((address >> 12) - (here(c) >> 12));

	emit(c, 0x90000000 | (pages & 3) << 29 | (pages >> 2 & 0x7ffff) << 5 | rd);
	emit(c, 0x91000000 | (uint32_t)(address & 4095) << 10 | rd << 5 | rd);
}

/* STP or LDP of x or q registers at [base, #offset]. */
static void emit_pair(struct code *c, uint32_t op, unsigned scale, unsigned r,
		      unsigned base, unsigned offset)
{
	emit(c, op | offset / scale << 15 | (r + 1) << 10 | base << 5 | r);
}

#define OFF(field) (unsigned)offsetof(struct seq_state, field)

enum {
	STP_X = 0xa9000000,
	LDP_X = 0xa9400000,
	STP_Q = 0xad000000u,
	LDP_Q = 0xad400000u,
	STR_X = 0xf9000000u,
	LDR_X = 0xf9400000u,
	MSR_NZCV = 0xd51b4200u,
	MRS_NZCV = 0xd53b4200u,
	MSR_FPCR = 0xd51b4400u,
	MRS_FPCR = 0xd53b4400u,
	MSR_FPSR = 0xd51b4420u,
	MRS_FPSR = 0xd53b4420u,
	MSR_TPIDR = 0xd51bd040u,
	MRS_TPIDR = 0xd53bd040u,
};

/* LDR or STR of x1 at [base, #offset], with what goes between it and a system register. */
static void emit_x1(struct code *c, uint32_t op, unsigned base, unsigned offset)
{
	emit(c, op | offset / 8 << 10 | base << 5 | 1);
}

/* x0 = initial state; returns to x30 with everything but x30 loaded. */
static void emit_prologue(struct code *c, bool simd)
{
	emit_address(c, 1, IMAGE_DATA + TEMPLATE_AT);
	emit_address(c, 2, IMAGE_SCRATCH);
	emit(c, 0xd2800000 | (SCRATCH_SIZE / 16) << 5 | 3); /* mov x3, #... */
	emit(c, 0xa8c11424);                                /* ldp x4, x5, [x1], #16 */
	emit(c, 0xa8811444);                                /* stp x4, x5, [x2], #16 */
	emit(c, 0xf1000463);                                /* subs x3, x3, #1 */
	emit(c, 0x54ffffa1);                                /* b.ne .-12 */
	if (simd) {
		emit_x1(c, LDR_X, 0, OFF(fpcr));
		emit(c, MSR_FPCR | 1);
		emit_x1(c, LDR_X, 0, OFF(fpsr));
		emit(c, MSR_FPSR | 1);
		for (unsigned r = 0; r < 32; r += 2)
			emit_pair(c, LDP_Q, 16, r, 0, OFF(v) + 16 * r);
	}
	emit_x1(c, LDR_X, 0, OFF(nzcv));
	emit(c, MSR_NZCV | 1);
	emit_x1(c, LDR_X, 0, OFF(sp));
	emit(c, 0x9100003f); /* mov sp, x1 */
	emit(c, 0xd5033f5f); /* clrex */
	for (unsigned r = 2; r < 30; r += 2)
		emit_pair(c, LDP_X, 8, r, 0, 8 * r);
	emit_pair(c, LDP_X, 8, 0, 0, 0);
	emit(c, 0xd65f03c0); /* ret */
}

/* x30 = record, x0 = where to go on; x0, x1 and (in TPIDR) x30 are saved. */
static void emit_epilogue(struct code *c, bool simd)
{
	for (unsigned r = 2; r < 30; r += 2)
		emit_pair(c, STP_X, 8, r, 30, 8 * r);
	emit(c, MRS_TPIDR | 1);
	emit_x1(c, STR_X, 30, OFF(x[30]));
	emit(c, 0x910003e1); /* mov x1, sp */
	emit_x1(c, STR_X, 30, OFF(sp));
	emit(c, MRS_NZCV | 1);
	emit_x1(c, STR_X, 30, OFF(nzcv));
	if (simd) {
		emit(c, MRS_FPCR | 1);
		emit_x1(c, STR_X, 30, OFF(fpcr));
		emit(c, MRS_FPSR | 1);
		emit_x1(c, STR_X, 30, OFF(fpsr));
		for (unsigned r = 0; r < 32; r += 2)
			emit_pair(c, STP_Q, 16, r, 30, OFF(v) + 16 * r);
	}
	emit(c, 0xaa0003f3); /* mov x19, x0 */
	emit(c, 0xd2800020); /* mov x0, #1 */
	emit(c, 0xaa1e03e1); /* mov x1, x30 */
	emit(c, 0xd2800002 | (uint32_t)sizeof(struct seq_record) << 5);
	emit(c, 0xd2800808); /* mov x8, #64: write */
	emit(c, 0xd4000001); /* svc #0 */
	emit(c, 0xd61f0260); /* br x19 */
}

/* Points a branch, or the ADR of an indirect one, at the target. */
static uint32_t aim(uint32_t word, uint64_t pc, uint64_t target)
{
	uint32_t words = (uint32_t)((target - pc) / 4);

	if ((word & 0x9f000000) == 0x10000000) /* ADR, multiples of 4 */
		return (word & ~0x60ffffe0u) | (words & 0x7ffff) << 5;
	if ((word & 0x7c000000) == 0x14000000)
		return (word & ~0x3ffffffu) | (words & 0x3ffffff);
	if ((word & 0x7e000000) == 0x36000000)
		return (word & ~0x7ffe0u) | (words & 0x3fff) << 5;
	return (word & ~0xffffe0u) | (words & 0x7ffff) << 5;
}

static void emit_sequence(struct code *c, const struct seq *s)
{
	uint64_t start[SEQ_MAX_UNITS + 1], at = here(c);

	for (unsigned n = 0; n < s->nunits; n++) {
		start[n] = at;
		at += 4u * s->unit[n].words;
	}
	start[s->nunits] = at;
	for (unsigned n = 0; n < s->nunits; n++) {
		const struct seq_unit *u = &s->unit[n];
		unsigned to = n + 1 + u->skip;

		for (unsigned w = 0; w < u->words; w++) {
			uint32_t word = u->word[w];

			if (u->dropped)
				word = NOP;
			else if (u->skip && !w)
				word = aim(word, here(c),
					   start[to > s->nunits ? s->nunits : to]);
			emit(c, word);
		}
	}
}

static void emit_test(struct code *c, const struct seq *s, unsigned index,
		      uint64_t prologue, uint64_t epilogue, uint64_t *ret_code)
{
	unsigned load, next;

	emit_address(c, 0, IMAGE_DATA + INIT_AT + index * sizeof(struct seq_state));
	emit_branch(c, 0x94000000, prologue);
	load = c->count;
	emit(c, 0); /* ldr x30, literal */
	*ret_code = here(c);
	emit_sequence(c, s);
	emit(c, MSR_TPIDR | 30);
	emit_address(c, 30, IMAGE_DATA);
	emit_pair(c, STP_X, 8, 0, 30, 0);
	next = c->count;
	emit(c, 0); /* adr x0, behind the literal */
	emit_branch(c, 0x14000000, epilogue);
	if (c->count & 1)
		emit(c, NOP);
	c->words[load] = 0x58000000 | (c->count - load) << 5 | 30;
	memcpy(&c->words[c->count], &s->init.x[30], 8);
	c->count += 2;
	c->words[next] = aim(0x10000000, IMAGE_TEXT + 4ull * next, here(c));
}

static void fill_headers(struct image *image)
{
	Elf64_Ehdr *e = (void *)image->elf;
	Elf64_Phdr *p = (void *)(image->elf + sizeof(*e));

	*e = (Elf64_Ehdr){
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			    EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_AARCH64,
		.e_version = EV_CURRENT,
		.e_entry = image->entry,
		.e_phoff = sizeof(*e),
		.e_ehsize = sizeof(*e),
		.e_phentsize = sizeof(*p),
		.e_phnum = 2,
	};
	p[0] = (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_offset = image->text_at,
		.p_vaddr = IMAGE_TEXT,
		.p_paddr = IMAGE_TEXT,
		.p_filesz = image->text_size,
		.p_memsz = image->text_size,
		.p_align = 4096,
	};
	p[1] = (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_W,
		.p_offset = image->data_at,
		.p_vaddr = IMAGE_DATA,
		.p_paddr = IMAGE_DATA,
		.p_filesz = image->data_size,
		.p_memsz = image->data_size,
		.p_align = 4096,
	};
}

static void fill_data(uint8_t *data, const struct seq *seqs, unsigned count)
{
	uint64_t state = 1;

	for (unsigned n = 0; n < SCRATCH_SIZE; n++)
		data[TEMPLATE_AT + n] = (uint8_t)(gen_random(&state) >> 24);
	for (unsigned n = 0; n < count; n++)
		memcpy(data + INIT_AT + n * sizeof(struct seq_state), &seqs[n].init,
		       sizeof(struct seq_state));
}

static size_t whole_pages(size_t size)
{
	return (size + 4095) & ~(size_t)4095;
}

void image_build(struct image *ret, const struct seq *seqs, unsigned count, bool simd)
{
	size_t words = 256 + (size_t)count * (2 * SEQ_MAX_UNITS + 20);
	uint64_t prologue, epilogue;
	struct code c = {0};

	ret->text_at = 4096;
	ret->text_size = whole_pages(4 * words);
	ret->data_at = ret->text_at + ret->text_size;
	ret->data_size = whole_pages(INIT_AT + count * sizeof(struct seq_state));
	ret->elf_size = ret->data_at + ret->data_size;
	ret->elf = aligned_alloc(4096, ret->elf_size);
	if (!ret->elf)
		abort();
	memset(ret->elf, 0, ret->elf_size);

	c.words = (uint32_t *)(void *)(ret->elf + ret->text_at);
	prologue = here(&c);
	emit_prologue(&c, simd);
	epilogue = here(&c);
	emit_epilogue(&c, simd);
	ret->entry = here(&c);
	for (unsigned n = 0; n < count; n++)
		emit_test(&c, &seqs[n], n, prologue, epilogue, &ret->code[n]);
	emit(&c, 0xd2800000); /* mov x0, #0 */
	emit(&c, 0xd2800ba8); /* mov x8, #93: exit */
	emit(&c, 0xd4000001); /* svc #0 */

	fill_data(ret->elf + ret->data_at, seqs, count);
	fill_headers(ret);
}

void image_free(struct image *image)
{
	free(image->elf);
}

static void map_segment(const struct image *image, uint64_t address, size_t at,
			size_t size)
{
	void *p = mmap((void *)address, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p != (void *)address) {
		perror("mapping the image");
		_exit(3);
	}
	memcpy(p, image->elf + at, size);
}

void image_map(const struct image *image)
{
	map_segment(image, IMAGE_TEXT, image->text_at, image->text_size);
	map_segment(image, IMAGE_DATA, image->data_at, image->data_size);
}
