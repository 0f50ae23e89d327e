/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Assembly templates (docs/decode-tables.md): plain text with
 *
 *	{NAME}		an argument or field as a decimal number
 *	{NAME:FORMAT}	formatted, see formats[]
 *	{NAME?A|B|C}	the alternative of that number, the last one for all others; templates
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/a64/decode.h"
#include "tests/decodegen/template.h"

struct writer {
	const struct decode_pattern *p;
	uint32_t word;
	uint64_t pc;
	int64_t values[DECODE_ARG_MAX];
	char *text;
	size_t left;
};

static void expand(struct writer *w, const char *from, const char *end);

__attribute__((noreturn)) static void broken(const struct writer *w, const char *what,
					     const char *at)
{
	fprintf(stderr, "template of %s: %s at \"%s\"\n", w->p->name, what, at);
	exit(99);
}

__attribute__((format(printf, 2, 3))) static void put(struct writer *w,
						      const char *format, ...)
{
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(w->text, w->left, format, list);
	va_end(list);
	if (n < 0 || (size_t)n >= w->left)
		broken(w, "no room", format);
	w->text += n;
	w->left -= n;
}

/* Arguments hide fields of the same name. */
static bool find_value(const struct writer *w, const char *name, size_t length,
		       int64_t *ret)
{
	const struct decode_pattern *p = w->p;

	for (int i = 0; i < p->arg_count; i++) {
		if (strlen(p->args[i]) == length && !memcmp(p->args[i], name, length)) {
			*ret = w->values[i];
			return true;
		}
	}
	for (int i = 0; i < p->field_count; i++) {
		const struct decode_field *f = &p->fields[i];

		if (strlen(f->name) == length && !memcmp(f->name, name, length)) {
			*ret = w->word >> f->pos & ((1ull << f->width) - 1);
			return true;
		}
	}
	return false;
}

static int64_t value_of(const struct writer *w, const char *name, int64_t fallback)
{
	find_value(w, name, strlen(name), &fallback);
	return fallback;
}

/* ---- formats ---- */

static void put_decimal(struct writer *w, int64_t value)
{
	put(w, "%" PRId64, value);
}

static void put_hex(struct writer *w, int64_t value)
{
	put(w, "0x%" PRIx64, value);
}

static void put_pc(struct writer *w, int64_t value)
{
	put_hex(w, w->pc + value);
}

static void put_page(struct writer *w, int64_t value)
{
	put_hex(w, (w->pc & ~0xfffull) + value);
}

static void put_register(struct writer *w, int64_t number, bool wide, const char *name31)
{
	if (number == 31)
		put(w, "%s%s",
		    !strcmp(name31, "sp") ? (wide ? "" : "w") : (wide ? "x" : "w"),
		    name31);
	else
		put(w, "%c%d", wide ? 'x' : 'w', (int)number);
}

static void put_x(struct writer *w, int64_t value)
{
	put_register(w, value, true, "zr");
}

static void put_w(struct writer *w, int64_t value)
{
	put_register(w, value, false, "zr");
}

static void put_x_sp(struct writer *w, int64_t value)
{
	put_register(w, value, true, "sp");
}

/* By sf. */
static void put_r(struct writer *w, int64_t value)
{
	put_register(w, value, value_of(w, "sf", 1), "zr");
}

static void put_r_sp(struct writer *w, int64_t value)
{
	put_register(w, value, value_of(w, "sf", 1), "sp");
}

static void put_condition(struct writer *w, int64_t value)
{
	static const char names[][3] = {"eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc",
					"hi", "ls", "ge", "lt", "gt", "le", "al", "nv"};

	put(w, "%s", names[value & 15]);
}

static void put_barrier(struct writer *w, int64_t value)
{
	static const char *const names[] = {
		NULL, "oshld", "oshst", "osh", NULL, "nshld", "nshst", "nsh",
		NULL, "ishld", "ishst", "ish", NULL, "ld",    "st",    "sy"};

	if (names[value & 15])
		put(w, "%s", names[value & 15]);
	else
		put(w, "#0x%02x", (int)value);
}

/* DecodeBitMasks of the fields n, imms, immr. */
static void put_bitmask(struct writer *w, int64_t value)
{
	unsigned imms = value_of(w, "imms", 0), immr = value_of(w, "immr", 0);
	unsigned combined = value_of(w, "n", 0) << 6 | (~imms & 0x3f), size;
	uint64_t ones, mask = 0;

	(void)value;
	size = 1u << (31 - __builtin_clz(combined));
	ones = (imms & (size - 1)) + 1;
	immr &= size - 1;
	for (unsigned i = 0; i < ones; i++)
		mask |= 1ull << ((i + size - immr) % size);
	for (; size < 64; size *= 2)
		mask |= mask << size;
	if (!value_of(w, "sf", 1))
		mask &= 0xffffffff;
	put_hex(w, mask);
}

static char size_letter(int64_t size)
{
	return "bhsdq"[size < 0 || size > 4 ? 4 : size];
}

/* Scalar floating-point or vector register of the row's size. */
static void put_f(struct writer *w, int64_t value)
{
	put(w, "%c%d", size_letter(value_of(w, "size", 0)), (int)value);
}

static void put_vector(struct writer *w, int64_t number, int64_t size, int64_t q)
{
	if (value_of(w, "scalar", 0))
		put(w, "%c%d", size_letter(size), (int)number);
	else
		put(w, "v%d.%d%c", (int)number, (q ? 16 : 8) >> size, size_letter(size));
}

static void put_v(struct writer *w, int64_t value)
{
	put_vector(w, value, value_of(w, "size", 0), value_of(w, "q", 1));
}

/* Of elements twice as wide: the whole register, or as wide as the others. */
static void put_v_wide(struct writer *w, int64_t value)
{
	put_vector(w, value, value_of(w, "size", 0) + 1, 1);
}

static void put_v_pair(struct writer *w, int64_t value)
{
	put_vector(w, value, value_of(w, "size", 0) + 1, value_of(w, "q", 1));
}

/* Of elements half and a quarter as wide. */
static void put_v_narrow(struct writer *w, int64_t value)
{
	put_vector(w, value, value_of(w, "size", 0) - 1, value_of(w, "q", 1));
}

static void put_v_bytes(struct writer *w, int64_t value)
{
	put_vector(w, value, 0, value_of(w, "q", 1));
}

static void put_v_halves(struct writer *w, int64_t value)
{
	put_vector(w, value, 1, value_of(w, "q", 1));
}

static void put_element(struct writer *w, int64_t value)
{
	put(w, "v%d.%c[%d]", (int)value, size_letter(value_of(w, "size", 0)),
	    (int)value_of(w, "index", 0));
}

/* Consecutive registers, modulo 32, each with the suffix. */
static void put_list(struct writer *w, int64_t first, int64_t count, const char *suffix)
{
	int last = (first + count - 1) % 32;

	put(w, "{v%d%s", (int)first, suffix);
	if (count > 2 && last > first)
		put(w, "-v%d%s", last, suffix);
	else
		for (int i = 1; i < count; i++)
			put(w, ", v%d%s", (int)(first + i) % 32, suffix);
	put(w, "}");
}

/* rpt * selem registers by q and size. */
static void put_vectors(struct writer *w, int64_t value)
{
	int size = value_of(w, "size", 0);
	char suffix[8];

	snprintf(suffix, sizeof(suffix), ".%d%c", (value_of(w, "q", 1) ? 16 : 8) >> size,
		 size_letter(size));
	put_list(w, value, value_of(w, "rpt", 1) * value_of(w, "selem", 1), suffix);
}

static void put_elements(struct writer *w, int64_t value)
{
	char suffix[8] = {'.', size_letter(value_of(w, "size", 0))};

	put_list(w, value, value_of(w, "selem", 1), suffix);
	put(w, "[%d]", (int)value_of(w, "index", 0));
}

static void put_table(struct writer *w, int64_t value)
{
	put_list(w, value, value_of(w, "len", 0) + 1, ".16b");
}

/* The register behind: of a pair. */
static void put_x_next(struct writer *w, int64_t value)
{
	put_x(w, value + 1);
}

static void put_w_next(struct writer *w, int64_t value)
{
	put_w(w, value + 1);
}

/* Each bit a byte of ones. */
static void put_bytemask(struct writer *w, int64_t value)
{
	uint64_t mask = 0;

	for (int i = 0; i < 8; i++)
		mask |= (value >> i & 1) * 0xffull << 8 * i;
	put_hex(w, mask);
}

/* VFPExpandImm, as printf shows it. */
static void put_float(struct writer *w, int64_t imm8)
{
	int exponent = ((imm8 >> 4 & 7) ^ 4) - 3;
	double number = 16 + (imm8 & 15);

	for (; exponent > 0; exponent--)
		number *= 2;
	for (; exponent < 0; exponent++)
		number /= 2;
	put(w, "%.18e", (imm8 & 0x80 ? -1 : 1) * number / 16);
}

static const struct {
	const char *name;
	void (*put)(struct writer *w, int64_t value);
} formats[] = {
	{"h", put_hex},     /* 0x1f */
	{"pc", put_pc},     /* pc + value */
	{"page", put_page}, /* page of the pc + value */
	{"x", put_x},       /* x0, xzr */
	{"w", put_w},       /* w0, wzr */
	{"xs", put_x_sp},   /* x0, sp */
	{"r", put_r},       /* x or w by sf, zr */
	{"rs", put_r_sp},   /* x or w by sf, sp */
	{"cond", put_condition},
	{"barrier", put_barrier},
	{"bitmask", put_bitmask},
	{"float", put_float},
	{"f", put_f},            /* s0: letter by size */
	{"v", put_v},            /* v0.4s by q and size; s0 when scalar */
	{"vw", put_v_wide},      /* v0.2d: elements twice as wide, 128 bits */
	{"vp", put_v_pair},      /* elements twice as wide, as many bits */
	{"vn", put_v_narrow},    /* elements half as wide */
	{"vb", put_v_bytes},     /* v0.16b */
	{"vh", put_v_halves},    /* v0.8h */
	{"e", put_element},      /* v0.s[index] */
	{"list", put_vectors},   /* {v0.4s-v2.4s}: rpt * selem registers */
	{"elist", put_elements}, /* {v0.s-v2.s}[index]: selem registers */
	{"table", put_table},    /* {v0.16b-v1.16b}: len + 1 registers */
	{"xn", put_x_next},      /* register number + 1 */
	{"wn", put_w_next},
	{"bytes", put_bytemask}, /* 8 bits become 8 bytes */
};

/* ---- the language ---- */

/* Skips to one of the stop characters outside inner braces. */
static const char *find(const char *from, const char *end, const char *stops)
{
	int depth = 0;

	for (; from < end; from++) {
		if (!depth && strchr(stops, *from))
			return from;
		depth += (*from == '{') - (*from == '}');
	}
	return end;
}

static void expand_choice(struct writer *w, int64_t value, const char *from,
			  const char *end)
{
	for (;;) {
		const char *bar = find(from, end, "|");

		if (value == 0 || bar == end) {
			expand(w, from, bar);
			return;
		}
		from = bar + 1;
		value--;
	}
}

/* What stands between two braces. */
static void expand_braces(struct writer *w, const char *from, const char *end)
{
	const char *stop = find(from, end, ":?");
	int64_t value;

	if (!find_value(w, from, stop - from, &value))
		broken(w, "no such argument", from);
	if (stop == end) {
		put_decimal(w, value);
		return;
	}
	if (*stop == '?') {
		expand_choice(w, value, stop + 1, end);
		return;
	}
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		size_t length = strlen(formats[i].name);

		if (length == (size_t)(end - stop - 1) &&
		    !memcmp(formats[i].name, stop + 1, length)) {
			formats[i].put(w, value);
			return;
		}
	}
	broken(w, "no such format", stop);
}

static void expand(struct writer *w, const char *from, const char *end)
{
	while (from < end) {
		const char *close;

		if (*from != '{') {
			put(w, "%c", *from++);
			continue;
		}
		close = find(from + 1, end, "}");
		if (close == end)
			broken(w, "no closing brace", from);
		expand_braces(w, from + 1, close);
		from = close + 1;
	}
}

int template_text(int id, uint32_t word, uint64_t pc, char *ret_text, size_t size)
{
	const struct decode_pattern *p = &a64_patterns[id];
	struct writer w = {
		.p = p, .word = word, .pc = pc, .text = ret_text, .left = size};

	if (!*p->asm_text)
		return -1;
	*ret_text = 0;
	a64_arguments(id, word, w.values);
	expand(&w, p->asm_text, p->asm_text + strlen(p->asm_text));
	return 0;
}
