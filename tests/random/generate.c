/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Draws random instruction sequences from the rows of the decode tables.
 *
 * Memory accesses stay within the scratch memory because the generator knows, at each point,
 * which registers still hold one of the initial pointers, and how far write-backs may have
 * moved them; where a branch may skip an instruction, both outcomes are counted. For the
 * same reason any subset of a sequence's units is a valid program: failing sequences are
 * made shorter by dropping units. Encodings whose outcome the manual leaves open
 * (CONSTRAINED UNPREDICTABLE) are avoided. tags: tests/random - generator
 */
#include "tests/random/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/a64/cpu.h"
#include "guest/a64/decode.h"
#include "guest/guest.h"

enum kind { DATA, MEMORY, BRANCH, SYSTEM, KIND_COUNT };

/* What a register is good for as part of an address. */
struct pointer {
	int lo, hi;     /* offsets in the scratch memory that it may have */
	unsigned align; /* 0: not a pointer any more */
};

/* Small numbers, for use as an index. */
enum { NO_INDEX, INDEX, INDEX_LOW /* in the low word */, INDEX_NEGATIVE };

struct gen {
	uint64_t state;
	struct seq *s;
	struct pointer pointer[32]; /* 31: sp */
	uint8_t index[31];
	bool tagged;    /* some pointers have a top byte, which accesses ignore */
	uint8_t recent; /* a register that was written lately */
	/* One kind of exclusive access per sequence: mixing them is unpredictable. */
	uint8_t ex_size, ex_pair, ex_base;
};

static struct gen_options options;
static uint16_t rows[KIND_COUNT][A64_INSN_COUNT];
static unsigned row_count[KIND_COUNT];
static unsigned long drawn[A64_INSN_COUNT];
static char excluded[256][32];
static unsigned excluded_count;

uint64_t gen_random(uint64_t *state)
{
	uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static unsigned below(struct gen *g, unsigned limit)
{
	return (unsigned)(gen_random(&g->state) >> 33) % limit;
}

static bool chance(struct gen *g, unsigned percent)
{
	return below(g, 100) < percent;
}

/* ---- rows ---- */

static bool is_row(const struct decode_pattern *p, const char *trans)
{
	return !strcmp(p->trans, trans);
}

static bool is_simd(const struct decode_pattern *p)
{
	return strstr(p->section, "ector") || strstr(p->section, "SIMD") ||
	       strstr(p->section, "floating") || strstr(p->section, "Crypto");
}

static bool is_excluded(const char *name)
{
	for (unsigned n = 0; n < excluded_count; n++)
		if (!strcmp(excluded[n], name))
			return true;
	return false;
}

/* "NAME reason", one per line; # starts a comment. */
static void read_exceptions(const char *path)
{
	char line[256];
	FILE *f = fopen(path, "r");

	if (!f) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), f)) {
		char *name = strtok(line, " \t\n"), *reason = strtok(NULL, "\n");

		if (!name || *name == '#')
			continue;
		if (!reason || excluded_count == 256) {
			fprintf(stderr, "%s: %s needs a reason\n", path, name);
			exit(2);
		}
		snprintf(excluded[excluded_count++], sizeof(excluded[0]), "%s", name);
	}
	fclose(f);
}

/* Does the name contain one of the texts of a list with commas? */
static bool contains_one(const char *name, const char *texts)
{
	for (;;) {
		size_t length = strcspn(texts, ",");

		if (memmem(name, strlen(name), texts, length))
			return true;
		if (!texts[length])
			return false;
		texts += length + 1;
	}
}

static int kind_of(const struct decode_pattern *p)
{
	static const char *const new[] = {"cssc",	"hbc",	 "mops",  "rcpc3",
					 "wfxt", "xs", "pauth", "lse128"};

	for (unsigned n = 0; options.old && n < sizeof(new) / sizeof(new[0]); n++)
		if (!strcmp(p->feature, new[n]))
			return -1;
	if (p->flags & DECODE_UNIMPLEMENTED || is_excluded(p->name) ||
	    (is_simd(p) && !options.simd))
		return -1;
	if (p->flags & DECODE_BRANCH)
		return BRANCH;
	if (options.only && !contains_one(p->name, options.only))
		return -1;
	if (p->flags & (DECODE_LOAD | DECODE_STORE))
		return MEMORY;
	return p->flags & DECODE_SYS ? SYSTEM : DATA;
}

void gen_init(const struct gen_options *o, const char *exceptions)
{
	options = *o;
	read_exceptions(exceptions);
	for (unsigned n = 0; n < A64_INSN_COUNT; n++) {
		int kind = kind_of(&a64_patterns[n]);

		if (kind >= 0)
			rows[kind][row_count[kind]++] = (uint16_t)n;
	}
}

/* ---- fields ---- */

static const struct decode_field *find_field(const struct decode_pattern *p,
					     const char *name)
{
	for (unsigned n = 0; n < p->field_count; n++)
		if (!strcmp(p->fields[n].name, name))
			return &p->fields[n];
	return NULL;
}

static bool has(const struct decode_pattern *p, const char *name)
{
	return find_field(p, name);
}

static unsigned get(const struct decode_pattern *p, uint32_t word, const char *name)
{
	const struct decode_field *f = find_field(p, name);

	return f ? word >> f->pos & (uint32_t)((UINT64_C(1) << f->width) - 1) : 0;
}

static int get_signed(const struct decode_pattern *p, uint32_t word, const char *name)
{
	const struct decode_field *f = find_field(p, name);
	unsigned value = get(p, word, name);

	return f && value >> (f->width - 1) ? (int)value - (1 << f->width) : (int)value;
}

static uint32_t put(const struct decode_pattern *p, uint32_t word, const char *name,
		    unsigned value)
{
	const struct decode_field *f = find_field(p, name);
	uint32_t mask;

	if (!f)
		return word;
	mask = (uint32_t)((UINT64_C(1) << f->width) - 1) << f->pos;
	return (word & ~mask) | (value << f->pos & mask);
}

/* QEMU 7.2 does FCVTZS h, h, #n as if its result had 32 bits: what is negative leaves ones in
 * bits 31:16, which the manual (C7.2, "Elem[result, e, esize]", V[d] = result) has as zeros. */
static bool qemu_fails(uint32_t word)
{
	return (word & 0xfff0fc00) == 0x5f10fc00;
}

/* A random word that this row takes and that is no undefined instruction. */
static bool lifts(uint32_t word)
{
	static struct ir_region region;
	static uint32_t code[1024] __attribute__((aligned(4096)));
	struct guest_block_end end;
	struct ir_builder b = {.region = &region};
	uint64_t pc = (uint64_t)(uintptr_t)code;

	if (options.old && qemu_fails(word))
		return false;
	code[0] = word;
	region.page = pc;
	region.nops = region.nblocks = region.ninsns = 0;
	a64_arch.lift_block(&b, pc, pc + 4096, 1, &end);
	return region.ins[region.nops - 1].op != IR_UNDEF;
}

/* Bits that no field covers should be one in the loads and stores and in MULH, zero in the
 * system instructions; other values are CONSTRAINED UNPREDICTABLE. Prefetches use theirs. */
static uint32_t settle_ignored(const struct decode_pattern *p, uint32_t word)
{
	uint32_t ignored = ~p->set.mask;

	for (unsigned n = 0; n < p->field_count; n++)
		ignored &= ~((uint32_t)((UINT64_C(1) << p->fields[n].width) - 1)
			     << p->fields[n].pos);
	if (is_row(p, "PRFM"))
		return word;
	return p->flags & DECODE_SYS ? word & ~ignored : word | ignored;
}

static bool random_word(struct gen *g, unsigned row, uint32_t *ret)
{
	const struct decode_pattern *p = &a64_patterns[row];

	for (unsigned tries = 0; tries < 20; tries++) {
		uint32_t word = (uint32_t)gen_random(&g->state);

		word = settle_ignored(p, (word & ~p->set.mask) | p->set.value);
		if (a64_identify(word) == (int)row && lifts(word)) {
			*ret = word;
			return true;
		}
	}
	return false;
}

/* ---- registers ---- */

static bool is_precious(const struct gen *g, unsigned reg)
{
	return g->pointer[reg].align || (reg < 31 && g->index[reg]);
}

static unsigned source(struct gen *g)
{
	return chance(g, 30) ? g->recent : below(g, 32);
}

/* A register to write; sparing pointers and indices most of the time. */
static unsigned destination(struct gen *g)
{
	unsigned reg = below(g, 32);

	for (unsigned tries = 0; tries < 20 && is_precious(g, reg) && !chance(g, 4);
	     tries++)
		reg = below(g, 32);
	return reg;
}

static void written(struct gen *g, unsigned reg, bool sp)
{
	if (reg == 31 && !sp)
		return;
	g->pointer[reg].align = 0;
	if (reg < 31) {
		g->index[reg] = NO_INDEX;
		g->recent = (uint8_t)reg;
	}
}

/* ---- data processing ---- */

static bool writes_sp(const struct decode_pattern *p, uint32_t word)
{
	if (is_row(p, "ADDSUB_imm") || is_row(p, "ADDSUB_ext"))
		return !get(p, word, "s");
	return is_row(p, "LOGIC_imm") && get(p, word, "opc") != 3;
}

static bool data(struct gen *g, unsigned row, struct seq_unit *u)
{
	const struct decode_pattern *p = &a64_patterns[row];
	unsigned rd = destination(g);
	uint32_t word;

	if (!random_word(g, row, &word))
		return false;
	if (chance(g, 40))
		word = put(p, word, "rn", source(g));
	if (chance(g, 30))
		word = put(p, word, "rm", source(g));
	word = put(p, word, "rd", rd);
	if (a64_identify(word) != (int)row || !lifts(word))
		return false;
	if (has(p, "rd"))
		written(g, rd, writes_sp(p, word));
	u->word[0] = word;
	return true;
}

/* ---- memory ---- */

struct access {
	int lo, hi;     /* offsets from the base that may be touched; hi is behind */
	unsigned align; /* that the base must have */
	bool wback;
	int step_lo, step_hi; /* what write-back adds, at least and at most */
	unsigned index;       /* kind of register that rm must be; NO_INDEX: none */
	bool vector;          /* rt and rt2 are vectors */
	bool literal, exclusive;
};

static unsigned size_of(const struct decode_pattern *p, uint32_t word)
{
	if (is_row(p, "LDRA") || is_row(p, "ATOMIC_pair"))
		return 3;
	if (has(p, "big")) /* SIMD: size, or 16 bytes */
		return get(p, word, "big") ? 4 : get(p, word, "size");
	if (has(p, "opc")) /* LDP and STP of vectors: 4, 8, 16 bytes */
		return 2 + get(p, word, "opc");
	if (has(p, "sz"))
		return 2 + get(p, word, "sz");
	if (has(p, "x"))
		return 2 + get(p, word, "x");
	return has(p, "size") ? get(p, word, "size") : 2; /* LDPSW */
}

static unsigned index_kind(struct gen *g, unsigned option)
{
	if (option == 2)
		return chance(g, 50) ? INDEX : INDEX_LOW;
	if (option == 6)
		return INDEX + below(g, 3);
	return chance(g, 50) ? INDEX : INDEX_NEGATIVE;
}

static void analyse_structures(struct gen *g, const struct decode_pattern *p,
			       uint32_t word, struct access *a)
{
	bool by_register = get(p, word, "rm") != 31;

	a->hi = 64;
	a->wback = get(p, word, "wback");
	if (a->wback && by_register) {
		a->index = chance(g, 50) ? INDEX : INDEX_NEGATIVE;
		a->step_lo = a->index == INDEX ? 0 : -16;
		a->step_hi = a->index == INDEX ? 16 : 0;
	} else if (a->wback) {
		a->step_lo = 1;
		a->step_hi = 64;
	}
}

static void analyse(struct gen *g, const struct decode_pattern *p, uint32_t word,
		    struct access *a)
{
	unsigned size = size_of(p, word), bytes = 1u << size;
	int imm = 0;

	*a = (struct access){.align = 1, .vector = is_simd(p), .index = NO_INDEX};
	if (strstr(p->trans, "_multi") || strstr(p->trans, "_lane") ||
	    strstr(p->trans, "_rep")) {
		analyse_structures(g, p, word, a);
		return;
	}
	if (has(p, "imm19")) {
		a->literal = true;
		return;
	}
	a->hi = (int)bytes;
	if (has(p, "option")) {
		unsigned shift = get(p, word, "sh") ? size : 0;

		a->index = index_kind(g, get(p, word, "option"));
		if (a->index == INDEX_NEGATIVE)
			a->lo = -(16 << shift);
		else
			a->hi += 16 << shift;
		return;
	}
	if (has(p, "imm12"))
		imm = (int)(get(p, word, "imm12") << size);
	if (has(p, "imm9"))
		imm = get_signed(p, word, "imm9");
	if (is_row(p, "LDRA"))
		imm = (int)(get(p, word, "imm9") - (get(p, word, "s") << 9)) * 8;
	if (has(p, "imm7")) {
		imm = get_signed(p, word, "imm7") * (int)bytes;
		a->hi = (int)(2 * bytes);
	}
	a->wback = has(p, "pre") && (!has(p, "wback") || get(p, word, "wback"));
	a->wback |= is_row(p, "LDRA") && get(p, word, "wback");
	a->step_lo = a->step_hi = a->wback ? imm : 0;
	if (!a->wback || get(p, word, "pre") || is_row(p, "LDRA")) {
		a->lo += imm;
		a->hi += imm;
	}
	if (is_row(p, "STXR") || is_row(p, "LDXR") || is_row(p, "STXP") ||
	    is_row(p, "LDXP")) {
		a->exclusive = true;
		a->align = is_row(p, "STXP") || is_row(p, "LDXP") ? 2 * bytes : bytes;
		a->hi = (int)a->align;
	} else if (is_row(p, "CASP") || is_row(p, "ATOMIC_pair")) {
		a->align = 2 * bytes;
		a->hi = (int)a->align;
	} else if (is_row(p, "LDAPUR") || is_row(p, "STLUR")) {
		a->align = bytes;
		if (imm & (int)(bytes - 1))
			a->align = 0; /* try another one */
	} else if (has(p, "acq") || has(p, "rel") || strstr(p->section, "ordered") ||
		   strstr(p->section, "Atomics")) {
		a->align = bytes;
	}
}

/* Is every access with this base where it should be? */
static bool reaches(const struct pointer *q, const struct access *a)
{
	return q->align && a->align && q->align % a->align == 0 && q->lo + a->lo >= 0 &&
	       q->hi + a->hi <= SCRATCH_SIZE;
}

static int find_pointer(struct gen *g, const struct access *a)
{
	unsigned first = below(g, 32);

	for (unsigned n = 0; n < 32; n++) {
		unsigned reg = (first + n) % 32;
		const struct pointer *q = &g->pointer[reg];

		if (!reaches(q, a))
			continue;
		/* sp must stay aligned to 16 */
		if (reg == 31 && a->wback &&
		    (a->step_lo != a->step_hi || a->step_lo & 15))
			continue;
		return (int)reg;
	}
	return -1;
}

static int find_index(struct gen *g, unsigned kind)
{
	unsigned first = below(g, 31);

	for (unsigned n = 0; n < 31; n++)
		if (g->index[(first + n) % 31] == kind)
			return (int)((first + n) % 31);
	return -1;
}

static void moved(struct pointer *q, const struct access *a)
{
	int step = a->step_lo;

	if (q->lo + a->step_lo < q->lo)
		q->lo += a->step_lo;
	if (q->hi + a->step_hi > q->hi)
		q->hi += a->step_hi;
	if (a->step_lo != a->step_hi)
		q->align = 1;
	while (q->align > 1 && step % (int)q->align)
		q->align /= 2;
}

static bool exclusive_fits(const struct gen *g, const struct decode_pattern *p,
			   uint32_t word)
{
	bool pair = is_row(p, "STXP") || is_row(p, "LDXP");

	return pair == g->ex_pair && size_of(p, word) == g->ex_size;
}

static bool literal(struct gen *g, const struct decode_pattern *p, uint32_t word,
		    const struct access *a, struct seq_unit *u)
{
	unsigned rt = destination(g);

	/* Some word of the driver's code before or of the sequences around. */
	word = put(p, word, "imm19", (unsigned)(-(int)below(g, 16)));
	word = put(p, word, "rt", rt);
	if (!a->vector)
		written(g, rt, false);
	u->word[0] = word;
	return true;
}

/* Registers that are loaded: LD* have rt (and rt2); LSE has rt, CAS and STXR have rs. */
static bool registers_clash(const struct decode_pattern *p, uint32_t word,
			    const struct access *a, unsigned base)
{
	unsigned rt = get(p, word, "rt"), rt2 = has(p, "rt2") ? get(p, word, "rt2") : 32;
	unsigned rs = has(p, "rs") ? get(p, word, "rs") : 32;

	if (a->exclusive)
		return rt == rt2 ||
		       (p->flags & DECODE_STORE && (rs == rt || rs == rt2 || rs == base));
	if (p->flags & DECODE_LOAD && rt == rt2)
		return true;
	return a->wback && !a->vector && base != 31 && (rt == base || rt2 == base);
}

static void note_results(struct gen *g, const struct decode_pattern *p, uint32_t word,
			 const struct access *a)
{
	unsigned rs = get(p, word, "rs");

	if (has(p, "rs") && !is_row(p, "ATOMIC") && !is_row(p, "SWP")) {
		written(g, rs, false);
		if (is_row(p, "CASP"))
			written(g, rs + 1, false);
	}
	if (!(p->flags & DECODE_LOAD) || a->vector || is_row(p, "CAS") ||
	    is_row(p, "CASP"))
		return;
	written(g, get(p, word, "rt"), false);
	if (has(p, "rt2"))
		written(g, get(p, word, "rt2"), false);
}

static bool memory(struct gen *g, unsigned row, struct seq_unit *u)
{
	const struct decode_pattern *p = &a64_patterns[row];
	struct access a;
	uint32_t word;
	int base, index;

	if (!random_word(g, row, &word))
		return false;
	if (has(p, "imm12"))
		word = put(p, word, "imm12", below(g, 40));
	if (has(p, "imm9") && chance(g, 50))
		word = put(p, word, "imm9", (unsigned)(8 * (int)below(g, 16)) - 64);
	if (has(p, "imm7"))
		word = put(p, word, "imm7", below(g, 24) - 12);
	if (is_row(p, "LDRA")) {
		int offset = (int)below(g, 40) - 20;

		word = put(p, word, "imm9", (unsigned)offset & 511);
		word = put(p, word, "s", offset < 0);
		/* The signed base must become a pointer again. */
		if (options.pauth)
			word = put(p, word, "wback", 1);
	}
	analyse(g, p, word, &a);
	if (a.literal)
		return literal(g, p, word, &a, u);
	if (a.exclusive && !exclusive_fits(g, p, word))
		return false;
	base = a.exclusive ? g->ex_base : find_pointer(g, &a);
	if (base < 0 || !reaches(&g->pointer[base], &a))
		return false;
	if (base == 31 && is_row(p, "LDRA") && options.pauth)
		return false; /* nothing signs sp */
	word = put(p, word, "rn", (unsigned)base);
	if (a.index != NO_INDEX) {
		index = find_index(g, a.index);
		if (index < 0)
			return false;
		word = put(p, word, "rm", (unsigned)index);
	}
	if (!is_row(p, "CASP")) {
		word = put(p, word, "rs", destination(g));
		word = put(p, word, "rt",
			   p->flags & DECODE_LOAD ? destination(g) : source(g));
		word = put(p, word, "rt2",
			   p->flags & DECODE_LOAD ? destination(g) : source(g));
	}
	if (registers_clash(p, word, &a, (unsigned)base) ||
	    a64_identify(word) != (int)row || !lifts(word))
		return false;
	note_results(g, p, word, &a);
	if (a.wback && g->pointer[base].align)
		moved(&g->pointer[base], &a);
	if (is_row(p, "LDRA") && options.pauth) {
		u->words = 2; /* PACDZA or PACDZB, LDRAA or LDRAB */
		u->word[0] = 0xdac12be0 | get(p, word, "b") << 10 | (unsigned)base;
		u->word[1] = word;
		return true;
	}
	u->word[0] = word;
	return true;
}

/* ---- branches and system ---- */

/* ADR, then (keys are on) a signature, then the branch. */
static bool authenticated_branch(struct gen *g, const struct decode_pattern *p, uint32_t word,
				 struct seq_unit *u)
{
	unsigned rn = is_row(p, "RETA") ? 30 : destination(g), rm = get(p, word, "rm");
	uint32_t sign = 0xdac123e0; /* PACIZA */

	if (rn == 31 || (has(p, "rm") && rm == rn))
		return false;
	written(g, rn, false);
	if (has(p, "rm"))
		sign = 0xdac10000 | rm << 5; /* PACIA */
	else if (is_row(p, "RETA"))
		sign = 0xdac103e0; /* PACIA x30, sp */
	u->words = 2;
	u->word[0] = 0x10000000 | rn; /* ADR */
	if (options.pauth)
		u->word[u->words++ - 1] = sign | get(p, word, "b") << 10 | rn;
	u->word[u->words - 1] = put(p, word, "rn", rn);
	return true;
}

static bool branch(struct gen *g, unsigned row, struct seq_unit *u)
{
	const struct decode_pattern *p = &a64_patterns[row];
	uint32_t word;

	if (!random_word(g, row, &word))
		return false;
	u->skip = (uint8_t)(1 + below(g, 5));
	if (has(p, "b") && !has(p, "b5")) {
		if (!authenticated_branch(g, p, word, u))
			return false;
	} else if (is_row(p, "BR") || is_row(p, "BLR") || is_row(p, "RET")) {
		unsigned rn = destination(g);

		if (rn == 31)
			return false;
		written(g, rn, false);
		u->words = 2;
		u->word[0] = 0x10000000 | rn; /* ADR */
		u->word[1] = put(p, word, "rn", rn);
	} else {
		u->word[0] = word;
	}
	if (is_row(p, "BLR") || is_row(p, "BLRA") || (is_row(p, "B_imm") && get(p, word, "link")))
		written(g, 30, false);
	return true;
}

/* NZCV, FPCR and FPSR; CLREX and the barriers; the hints that are no instructions of an
 * extension. */
static bool system_op(struct gen *g, unsigned row, struct seq_unit *u)
{
	const struct decode_pattern *p = &a64_patterns[row];
	static const uint16_t registers[] = {0x200, 0x400, 0x420}; /* NZCV, FPCR, FPSR */
	unsigned what = options.simd ? below(g, 3) : 0, rt;
	uint32_t word = 0;

	if (is_row(p, "MRS") || is_row(p, "MSR_reg")) {
		rt = is_row(p, "MRS") ? destination(g) : source(g);
		if (what == 1 && !is_row(p, "MRS"))
			what = 0;
		if (what == 2 && !is_row(p, "MRS"))
			rt = 31; /* see a64.exceptions */
		word = (is_row(p, "MRS") ? 0xd53b4000 : 0xd51b4000) | registers[what] |
		       rt;
		if (is_row(p, "MRS"))
			written(g, rt, false);
	} else if (is_row(p, "HINT") && options.pauth && chance(g, 50)) {
		static const uint8_t hints[] = {7,  8,	10, 12, 14, 24, 25,
						26, 27, 28, 29, 30, 31};
		unsigned hint = hints[below(g, sizeof(hints))];

		word = 0xd503201f | hint << 5;
		written(g, hint >= 8 && hint < 16 ? 17 : 30, false);
	} else if (is_row(p, "HINT")) {
		/* NOP, BTI and unallocated ones; not YIELD, see a64.exceptions */
		word = chance(g, 50) ? 0xd503201f
				     : 0xd503241f | below(g, 12) << 8 | below(g, 4) << 6;
	} else if (!random_word(g, row, &word)) {
		return false;
	}
	u->word[0] = word;
	return true;
}

/* ---- initial state ---- */

static uint64_t interesting(struct gen *g)
{
	static const uint64_t values[] = {
		0,
		1,
		2,
		0x7f,
		0x80,
		0xff,
		0x7fff,
		0x8000,
		0xffff,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		0x100000000,
		0x7fffffffffffffff,
		0x8000000000000000,
		0x8000000000000001,
		0xffffffff80000000,
		0xfffffffffffffffe,
		0xffffffffffffffff,
		0x5555555555555555,
		0xaaaaaaaaaaaaaaaa,
		0x0123456789abcdef,
	};
	uint64_t x = gen_random(&g->state);

	switch (below(g, 6)) {
	case 0: return x;
	case 1: return x >> below(g, 64);
	case 2: return (uint64_t)((int64_t)x >> below(g, 64));
	case 3: return UINT64_C(1) << below(g, 64);
	default: return values[below(g, sizeof(values) / sizeof(values[0]))];
	}
}

/* Halves of a vector: numbers as above, and floating-point ones of each size. */
static uint64_t interesting_vector(struct gen *g)
{
	static const uint16_t halves[] = {
		0x3c00, 0xbc00, 0x4000, 0x7c00, 0xfc00, 0x7e00, 0x7c01, 0xfe12, 0x0400,
		0x03ff, 0x0001, 0x7bff, 0x8000, 0x0000, 0x3e00, 0x7fff, 0x8123, 0x4248,
	};
	static const uint64_t doubles[] = {
		0x3ff0000000000000, 0xbff0000000000000, 0x4000000000000000,
		0x3fe0000000000000, 0x7ff0000000000000, 0xfff0000000000000,
		0x7ff8000000000000, 0x7ff0000000000001, 0xfff8000000001234,
		0x0010000000000000, 0x000fffffffffffff, 0x0000000000000001,
		0x7fefffffffffffff, 0x8000000000000000, 0x41dfffffffc00000,
		0x43e0000000000000, 0xc1e0000000000000, 0x3ff8000000000000,
		0x4004000000000000,
	};
	static const uint32_t singles[] = {
		0x3f800000, 0xbf800000, 0x40000000, 0x3f000000, 0x7f800000,
		0xff800000, 0x7fc00000, 0x7f800001, 0xffc01234, 0x00800000,
		0x007fffff, 0x00000001, 0x7f7fffff, 0x80000000, 0x4effffff,
		0x4f000000, 0xcf000000, 0x3fc00000, 0,
	};
	uint64_t x = gen_random(&g->state);

	switch (below(g, 6)) {
	case 0: return doubles[below(g, sizeof(doubles) / sizeof(doubles[0]))];
	case 1:
		return singles[x % (sizeof(singles) / 4)] |
		       (uint64_t)singles[(x >> 32) % (sizeof(singles) / 4)] << 32;
	case 2: /* a double of moderate size */
		return (x & UINT64_C(0x800fffffffffffff)) |
		       (uint64_t)(1000 + below(g, 46)) << 52;
	case 3: /* two such singles */
		return (x & UINT64_C(0x807fffff807fffff)) |
		       (uint64_t)(120 + below(g, 16)) << 23 |
		       (uint64_t)(120 + below(g, 16)) << 55;
	case 4: /* halves, special or of moderate size */
		for (unsigned n = 0; n < 64; n += 16) {
			uint64_t h = halves[below(g, sizeof(halves) / sizeof(halves[0]))];

			if (chance(g, 70))
				h = (gen_random(&g->state) & 0x83ff) | (10 + below(g, 12)) << 10;
			x = (x & ~(UINT64_C(0xffff) << n)) | h << n;
		}
		return x;
	default: return interesting(g);
	}
}

static void make_pointer(struct gen *g, unsigned reg)
{
	int offset = 320 + 16 * (int)below(g, 24);
	uint64_t value = IMAGE_SCRATCH + (unsigned)offset;

	if (g->tagged && chance(g, 50))
		value |= gen_random(&g->state) << 56;
	g->pointer[reg] = (struct pointer){offset, offset, 16};
	if (reg == 31)
		g->s->init.sp = value;
	else
		g->s->init.x[reg] = value;
}

static void make_index(struct gen *g, unsigned reg, unsigned kind)
{
	uint64_t value = below(g, 16);

	if (g->pointer[reg].align)
		return;
	if (kind == INDEX_LOW)
		value |= gen_random(&g->state) << 32;
	if (kind == INDEX_NEGATIVE)
		value = -value - 1;
	g->index[reg] = (uint8_t)kind;
	g->s->init.x[reg] = value;
}

static void initial_state(struct gen *g)
{
	struct seq_state *init = &g->s->init;

	memset(init, 0, sizeof(*init));
	for (unsigned n = 0; n < 31; n++)
		init->x[n] = interesting(g);
	for (unsigned n = 0; n < 32; n++) {
		init->v[n][0] = interesting_vector(g);
		init->v[n][1] = interesting_vector(g);
	}
	init->nzcv = (uint64_t)below(g, 16) << 28;
	if (options.simd && chance(g, 20))
		init->fpcr = (uint64_t)below(g, 4) << 22; /* rounding mode */
	if (options.simd && chance(g, 10))
		init->fpcr |= (uint64_t)below(g, 4) << 24; /* FZ, DN */
	if (options.simd && chance(g, 5))
		init->fpcr |= UINT64_C(1) << (chance(g, 50) ? 19 : 26); /* FZ16, AHP */
	g->tagged = chance(g, 4);
	make_pointer(g, 31);
	for (unsigned n = 0; n < 4; n++)
		make_pointer(g, below(g, 31));
	for (unsigned n = 0; n < 3; n++)
		make_index(g, below(g, 31), INDEX + n);
	do
		g->ex_base = (uint8_t)below(g, 32);
	while (!g->pointer[g->ex_base].align);
	g->ex_pair = chance(g, 40);
	g->ex_size = (uint8_t)(g->ex_pair ? 2 + below(g, 2) : below(g, 4));
}

/* ---- sequences ---- */

static unsigned pick_kind(struct gen *g)
{
	static const uint8_t weights[KIND_COUNT] = {56, 30, 10, 4};
	unsigned x = below(g, 100), kind = 0;

	while (x >= weights[kind])
		x -= weights[kind++];
	return kind;
}

static bool add_unit(struct gen *g, struct seq_unit *u)
{
	static bool (*const make[KIND_COUNT])(struct gen *, unsigned,
					      struct seq_unit *) = {data, memory, branch,
								    system_op};
	unsigned kind = pick_kind(g), row;

	if (!row_count[kind])
		return false;
	*u = (struct seq_unit){.words = 1};
	row = rows[kind][below(g, row_count[kind])];
	if (!make[kind](g, row, u))
		return false;
	drawn[row]++;
	return true;
}

void gen_counts(void)
{
	for (unsigned row = 0; row < A64_INSN_COUNT; row++)
		printf("%s %lu\n", a64_patterns[row].name, drawn[row]);
}

void gen_coverage(void)
{
	unsigned all = 0, never = 0;

	for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
		for (unsigned n = 0; n < row_count[kind]; n++, all++) {
			if (drawn[rows[kind][n]])
				continue;
			printf("never drawn: %s\n", a64_patterns[rows[kind][n]].name);
			never++;
		}
	}
	printf("%u of %u rows drawn\n", all - never, all);
}

void gen_sequence(struct seq *ret, uint64_t seed)
{
	struct gen g = {.state = seed, .s = ret};
	unsigned want;

	ret->seed = seed;
	ret->nunits = 0;
	initial_state(&g);
	want = 3 + below(&g, SEQ_MAX_UNITS - 3);
	for (unsigned tries = 0; ret->nunits < want && tries < 20 * want; tries++)
		if (add_unit(&g, &ret->unit[ret->nunits]))
			ret->nunits++;
}
