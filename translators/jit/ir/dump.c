/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A region as text, in the form that parse.c reads. tags: jit/ir - text out
 *
 * Every field that an op uses is written, so that dump, parse and dump again give the same
 * text; fields that the op table marks unused are not.
 */
#include "jit/ir/text-internal.h"

struct out {
	char *buf;
	size_t size, length; /* length counts what did not fit, too */
};

static void put_char(struct out *o, char c)
{
	if (o->length + 1 < o->size)
		o->buf[o->length] = c;
	o->length++;
}

static void put(struct out *o, const char *text)
{
	while (*text)
		put_char(o, *text++);
}

static void put_lower(struct out *o, const char *text)
{
	for (; *text; text++)
		put_char(o, *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text);
}

static void put_unsigned(struct out *o, uint64_t value, unsigned base)
{
	char digits[20];
	unsigned n = 0;

	do
		digits[n++] = "0123456789abcdef"[value % base];
	while (value /= base);
	while (n)
		put_char(o, digits[--n]);
}

static void put_hex(struct out *o, uint64_t value)
{
	put(o, "0x");
	put_unsigned(o, value, 16);
}

/* Small numbers are easier to read in decimal, addresses and masks in hexadecimal. */
static void put_number(struct out *o, int64_t value)
{
	if (value >= 0 && value < 1024) {
		put_unsigned(o, (uint64_t)value, 10);
	} else if (value < 0 && value > -1024) {
		put_char(o, '-');
		put_unsigned(o, (uint64_t)-value, 10);
	} else {
		put_hex(o, (uint64_t)value);
	}
}

static void put_flags(struct out *o, unsigned flags)
{
	for (unsigned i = 0; i < 4; i++)
		if (flags & 8 >> i)
			put_char(o, "nzcv"[i]);
}

/* A register name; the caller has dealt with IR_IMM. */
static void put_register(struct out *o, bool vector, unsigned name)
{
	if (name < 32) {
		put_char(o, vector ? 'v' : 'r');
		put_unsigned(o, name, 10);
	} else if (name == IR_ZERO) {
		put_char(o, 'z');
	} else if (name == IR_NONE) {
		put_char(o, '-');
	} else if (name < 40) {
		put(o, vector ? "vt" : "t");
		put_unsigned(o, name - 32, 10);
	} else {
		put_char(o, '?');
		put_unsigned(o, name, 10);
	}
}

static void put_c(struct out *o, const struct ir_ins *i)
{
	switch (ir_text_c(i->op)) {
	case IR_TEXT_C_SHIFT:
		put(o, ir_text_shifts.names[i->c >> 6]);
		put_char(o, ' ');
		put_unsigned(o, i->c & 63, 10);
		break;
	case IR_TEXT_C_COND:
		put(o, ir_text_conds.names[i->c & 15]);
		if (i->c >> 4) {
			put_char(o, ':');
			put_unsigned(o, i->c >> 4, 10);
		}
		break;
	case IR_TEXT_C_EXT: put(o, ir_text_exts.names[i->c & 7]); break;
	default: put_unsigned(o, i->c, 10);
	}
}

static void put_imm(struct out *o, const struct ir_ins *i)
{
	enum ir_text_imm style = ir_text_imm(i->op);
	const struct ir_text_list *names = ir_text_imm_names(style);

	if (names && (uint64_t)i->imm < names->count) {
		put(o, names->names[i->imm]);
		return;
	}
	put_char(o, '#');
	if (style == IR_TEXT_IMM_FIELD && (uint64_t)i->imm <= 0xffff) {
		put_unsigned(o, IR_BF_LSB(i->imm), 10);
		put_char(o, ':');
		put_unsigned(o, IR_BF_WIDTH(i->imm), 10);
	} else {
		put_number(o, i->imm);
	}
}

static void put_separator(struct out *o, bool *first)
{
	put(o, *first ? " " : ", ");
	*first = false;
}

static void put_address(struct out *o, const struct ir_ins *i)
{
	put_char(o, '[');
	put_register(o, false, i->a);
	if (i->b != IR_NONE) {
		put(o, " + ");
		put_register(o, false, i->b);
		if (i->c) {
			put(o, " << ");
			put_unsigned(o, i->c, 10);
		}
	}
	if (i->imm) {
		put(o, " + ");
		put_number(o, i->imm);
	}
	put_char(o, ']');
}

static void put_operands(struct out *o, const struct ir_ins *i)
{
	const struct ir_op_info *info = &ir_op_info[i->op];
	const uint8_t role[4] = {info->d, info->a, info->b, info->c};
	const uint8_t name[4] = {i->d, i->a, i->b, i->c};
	bool first = true, imm_written = false;

	for (unsigned n = 0; n < 4; n++) {
		if (role[n] == IR_ROLE__)
			continue;
		/* Most operands are not shifted. */
		if (n == 3 && ir_text_c(i->op) == IR_TEXT_C_SHIFT && !i->c &&
		    (imm_written || !i->imm))
			continue;
		put_separator(o, &first);
		if (n == 1 && ir_text_is_address(i->op)) {
			put_address(o, i);
			return;
		}
		if (role[n] == IR_ROLE_N) {
			put_c(o, i);
		} else if (role[n] == IR_ROLE_M && name[n] == IR_IMM) {
			put_char(o, '#');
			put_number(o, i->imm);
			imm_written = true;
		} else {
			put_register(o, role[n] >= IR_ROLE_VO, name[n]);
		}
	}
	if (i->imm && !imm_written) {
		put_separator(o, &first);
		put_imm(o, i);
	}
}

static void put_ins(struct out *o, const struct ir_ins *i)
{
	if (i->op >= IR_OP_COUNT) {
		put(o, "?");
		return;
	}
	put_lower(o, ir_op_info[i->op].name);
	if (i->ty != IR_I64) {
		put_char(o, '.');
		put(o, i->ty < IR_TYPE_COUNT ? ir_text_types.names[i->ty] : "?");
	}
	for (unsigned n = 0; n < 8; n++) {
		if (i->fl >> n & 1) {
			put_char(o, '.');
			put(o, ir_text_attrs.names[n]);
		}
	}
	put_operands(o, i);
	if (i->live) {
		put(o, " !live:");
		put_flags(o, i->live);
	}
	if (i->dead)
		put(o, " !dead");
}

static void put_block(struct out *o, const struct ir_region *r, const struct ir_block *b)
{
	put(o, "block ");
	put_hex(o, b->pc);
	put(o, " next ");
	put_hex(o, b->next_pc);
	put(o, " insns ");
	put_unsigned(o, b->insns, 10);
	if (b->live_in) {
		put(o, " in:");
		put_flags(o, b->live_in);
	}
	if (b->live_out) {
		put(o, " out:");
		put_flags(o, b->live_out);
	}
	put_char(o, '\n');
	for (unsigned n = b->first; n < b->first + (unsigned)b->count; n++) {
		if (n == b->first || r->at[n] != r->at[n - 1]) {
			put(o, "@");
			put_hex(o, r->at[n]);
			put_char(o, '\n');
		}
		put_char(o, '\t');
		put_ins(o, &r->ins[n]);
		put_char(o, '\n');
	}
}

static size_t finish(struct out *o)
{
	if (o->size)
		o->buf[o->length < o->size ? o->length : o->size - 1] = 0;
	return o->length;
}

size_t ir_dump_ins(char *buf, size_t size, const struct ir_ins *ins)
{
	struct out o = {buf, size, 0};

	put_ins(&o, ins);
	return finish(&o);
}

size_t ir_dump(char *buf, size_t size, const struct ir_region *region)
{
	struct out o = {buf, size, 0};

	put(&o, "region ");
	put_hex(&o, region->page);
	put_char(&o, '\n');
	for (unsigned n = 0; n < region->nblocks; n++)
		put_block(&o, region, &region->block[n]);
	return finish(&o);
}
