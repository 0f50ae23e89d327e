/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A region from text, the inverse of dump.c. tags: jit/ir - text in
 *
 * One line is "region", "block", "@offset" or an op; ';' starts a comment. Fields that an
 * op does not use become IR_NONE (registers) or 0 (numbers). Only the grammar is checked
 * here; ir_verify() knows the rules.
 */
#include <errno.h>

#include "jit/ir/text-internal.h"

struct parser {
	const char *p;
	const char *message; /* set on the first error */
	struct ir_region *region;
	uint16_t at;
};

static bool fail(struct parser *ps, const char *message)
{
	if (!ps->message)
		ps->message = message;
	return false;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_blanks(struct parser *ps)
{
	while (*ps->p == ' ' || *ps->p == '\t' || *ps->p == '\r')
		ps->p++;
}

static bool at_end(struct parser *ps)
{
	skip_blanks(ps);
	return !*ps->p || *ps->p == '\n' || *ps->p == ';';
}

/* Takes `text` if it comes next (after blanks); a word must end there. */
static bool accept(struct parser *ps, const char *text)
{
	const char *p;

	skip_blanks(ps);
	for (p = ps->p; *text; p++, text++)
		if (*p != *text)
			return false;
	if (is_word(p[-1]) && is_word(*p))
		return false;
	ps->p = p;
	return true;
}

static bool expect(struct parser *ps, const char *text, const char *message)
{
	return accept(ps, text) || fail(ps, message);
}

static bool digit(char c, unsigned base, unsigned *ret)
{
	if (c >= '0' && c <= '9')
		*ret = (unsigned)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*ret = (unsigned)(c - 'a' + 10);
	else
		return false;
	return *ret < base;
}

static bool number(struct parser *ps, int64_t *ret)
{
	bool negative = accept(ps, "-");
	unsigned base = 10, d;
	uint64_t value = 0;

	skip_blanks(ps);
	if (ps->p[0] == '0' && ps->p[1] == 'x') {
		base = 16;
		ps->p += 2;
	}
	if (!digit(*ps->p, base, &d))
		return fail(ps, "number expected");
	for (; digit(*ps->p, base, &d); ps->p++)
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, d, &value))
			return fail(ps, "number too large");
	if (is_word(*ps->p))
		return fail(ps, "number expected");
	*ret = (int64_t)(negative ? -value : value);
	return true;
}

static bool number_below(struct parser *ps, uint64_t limit, unsigned *ret)
{
	int64_t value;

	if (!number(ps, &value))
		return false;
	if ((uint64_t)value >= limit)
		return fail(ps, "number out of range");
	*ret = (unsigned)value;
	return true;
}

/* Takes one name of the list; false without an error when there is none. */
static bool name_in(struct parser *ps, const struct ir_text_list *list, unsigned *ret)
{
	for (unsigned n = 0; n < list->count; n++) {
		if (accept(ps, list->names[n])) {
			*ret = n;
			return true;
		}
	}
	return false;
}

static bool flag_set(struct parser *ps, unsigned *ret)
{
	*ret = 0;
	skip_blanks(ps);
	for (; is_word(*ps->p); ps->p++) {
		switch (*ps->p) {
		case 'n': *ret |= IR_FLAG_N; break;
		case 'z': *ret |= IR_FLAG_Z; break;
		case 'c': *ret |= IR_FLAG_C; break;
		case 'v': *ret |= IR_FLAG_V; break;
		default: return fail(ps, "flags are some of n, z, c and v");
		}
	}
	return true;
}

static bool vector_or_int(struct parser *ps, bool vector, uint8_t *ret)
{
	const char *bad = vector ? "vector register expected" : "register expected";
	unsigned n, limit = 32;
	int64_t value;

	if (accept(ps, "z")) {
		*ret = IR_ZERO;
		return true;
	}
	if (accept(ps, "-")) {
		*ret = IR_NONE;
		return true;
	}
	skip_blanks(ps);
	if (vector && *ps->p++ != 'v')
		return fail(ps, bad);
	if (*ps->p == 't') {
		ps->p++;
		limit = vector ? IR_VEC_COUNT - IR_VT0 : IR_INT_COUNT - IR_T0;
	} else if (!vector && *ps->p++ != 'r') {
		return fail(ps, bad);
	}
	if (*ps->p < '0' || *ps->p > '9' || !number(ps, &value) ||
	    (uint64_t)value >= limit)
		return fail(ps, bad);
	n = (unsigned)value;
	*ret = (uint8_t)(limit == 32 ? n : n + IR_T0);
	return true;
}

static bool parse_c(struct parser *ps, struct ir_ins *i)
{
	unsigned n = 0, amount;

	switch (ir_text_c(i->op)) {
	case IR_TEXT_C_SHIFT:
		if (!name_in(ps, &ir_text_shifts, &n))
			return fail(ps, "shift expected");
		if (!number_below(ps, 64, &amount))
			return false;
		i->c = IR_SHIFT(n, amount);
		return true;
	case IR_TEXT_C_COND:
		if (!name_in(ps, &ir_text_conds, &n))
			return fail(ps, "condition expected");
		i->c = (uint8_t)n;
		if (accept(ps, ":")) {
			if (!number_below(ps, 16, &n))
				return false;
			i->c |= (uint8_t)(n << 4);
		}
		return true;
	case IR_TEXT_C_EXT:
		if (!name_in(ps, &ir_text_exts, &n))
			return fail(ps, "extension expected");
		i->c = (uint8_t)n;
		return true;
	default:
		if (!number_below(ps, 256, &n))
			return false;
		i->c = (uint8_t)n;
		return true;
	}
}

static bool parse_imm(struct parser *ps, struct ir_ins *i)
{
	enum ir_text_imm style = ir_text_imm(i->op);
	const struct ir_text_list *names = ir_text_imm_names(style);
	unsigned n;

	if (names && name_in(ps, names, &n)) {
		i->imm = n;
		return true;
	}
	if (!expect(ps, "#", "immediate expected") || !number(ps, &i->imm))
		return false;
	if (style == IR_TEXT_IMM_FIELD && accept(ps, ":")) {
		unsigned lsb = (unsigned)i->imm;

		if (lsb > 255 || !number_below(ps, 256, &n))
			return fail(ps, "bit field out of range");
		i->imm = IR_BF(lsb, n);
	}
	return true;
}

/* [a + b << c + imm], everything but a optional; imm may also follow with a minus sign. */
static bool parse_address(struct parser *ps, struct ir_ins *i)
{
	unsigned shift;

	i->b = IR_NONE;
	i->c = 0;
	if (!expect(ps, "[", "address expected") || !vector_or_int(ps, false, &i->a))
		return false;
	while (accept(ps, "+")) {
		skip_blanks(ps);
		if (*ps->p != 'r' && *ps->p != 't' && *ps->p != 'z') {
			if (!number(ps, &i->imm))
				return false;
			break;
		}
		if (!vector_or_int(ps, false, &i->b))
			return false;
		if (accept(ps, "<<")) {
			if (!number_below(ps, 64, &shift))
				return false;
			i->c = (uint8_t)shift;
		}
	}
	return expect(ps, "]", "] expected");
}

static bool parse_operand(struct parser *ps, struct ir_ins *i, unsigned role,
			  uint8_t *field)
{
	if (role == IR_ROLE_N)
		return parse_c(ps, i);
	if (role == IR_ROLE_M && accept(ps, "#")) {
		*field = IR_IMM;
		return number(ps, &i->imm);
	}
	return vector_or_int(ps, role >= IR_ROLE_VO, field);
}

static bool parse_operands(struct parser *ps, struct ir_ins *i)
{
	const struct ir_op_info *info = &ir_op_info[i->op];
	const uint8_t role[4] = {info->d, info->a, info->b, info->c};
	uint8_t *const field[4] = {&i->d, &i->a, &i->b, &i->c};
	bool first = true;

	for (unsigned n = 0; n < 4; n++) {
		*field[n] = role[n] == IR_ROLE__ ? IR_NONE : 0;
		if (role[n] == IR_ROLE__)
			continue;
		if (role[n] == IR_ROLE_N && ir_text_c(i->op) == IR_TEXT_C_SHIFT &&
		    (at_end(ps) || *ps->p == '!'))
			continue;
		if (!first && !expect(ps, ",", ", expected"))
			return false;
		first = false;
		if (n == 1 && ir_text_is_address(i->op))
			return parse_address(ps, i);
		if (!parse_operand(ps, i, role[n], field[n]))
			return false;
	}
	if (at_end(ps) || *ps->p == '!')
		return true;
	if (!first && !expect(ps, ",", ", expected"))
		return false;
	return parse_imm(ps, i);
}

static bool parse_marks(struct parser *ps, struct ir_ins *i)
{
	unsigned flags;

	while (accept(ps, "!")) {
		if (accept(ps, "dead")) {
			i->dead = 1;
		} else if (accept(ps, "live") && accept(ps, ":")) {
			if (!flag_set(ps, &flags))
				return false;
			i->live = flags & 15;
		} else {
			return fail(ps, "mark expected");
		}
	}
	return at_end(ps) || fail(ps, "end of line expected");
}

static bool same_name(const char *text, size_t length, const char *upper)
{
	for (; length; length--, text++, upper++) {
		char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 32) : *text;

		if (c != *upper)
			return false;
	}
	return !*upper;
}

static bool parse_op_name(struct parser *ps, struct ir_ins *i)
{
	const char *start = ps->p;
	size_t length;

	while (is_word(*ps->p))
		ps->p++;
	length = (size_t)(ps->p - start);
	for (unsigned op = 0; op < IR_OP_COUNT; op++) {
		if (same_name(start, length, ir_op_info[op].name)) {
			i->op = op & 0x3ff;
			return true;
		}
	}
	return fail(ps, "unknown op");
}

static bool parse_ins(struct parser *ps)
{
	struct ir_region *r = ps->region;
	struct ir_ins i = {.ty = IR_I64};
	unsigned n;

	if (!r->nblocks)
		return fail(ps, "op outside a block");
	if (r->nops == IR_MAX_OPS)
		return fail(ps, "too many ops");
	if (!parse_op_name(ps, &i))
		return false;
	while (*ps->p == '.') {
		ps->p++;
		if (name_in(ps, &ir_text_types, &n))
			i.ty = (uint8_t)n;
		else if (name_in(ps, &ir_text_attrs, &n))
			i.fl |= (uint8_t)(1u << n);
		else
			return fail(ps, "unknown suffix");
	}
	if (!parse_operands(ps, &i) || !parse_marks(ps, &i))
		return false;
	r->at[r->nops] = ps->at;
	r->ins[r->nops++] = i;
	r->block[r->nblocks - 1].count++;
	return true;
}

static bool parse_block(struct parser *ps)
{
	struct ir_region *r = ps->region;
	struct ir_block b = {.first = (uint16_t)r->nops};
	int64_t pc, next;
	unsigned insns = 0, flags;

	if (r->nblocks == IR_MAX_BLOCKS)
		return fail(ps, "too many blocks");
	if (!number(ps, &pc) || !expect(ps, "next", "next expected") ||
	    !number(ps, &next))
		return false;
	if (accept(ps, "insns") && !number_below(ps, IR_MAX_INSNS + 1, &insns))
		return false;
	if (accept(ps, "in") && accept(ps, ":")) {
		if (!flag_set(ps, &flags))
			return false;
		b.live_in = (uint8_t)flags;
	}
	if (accept(ps, "out") && accept(ps, ":")) {
		if (!flag_set(ps, &flags))
			return false;
		b.live_out = (uint8_t)flags;
	}
	b.pc = (uint64_t)pc;
	b.next_pc = (uint64_t)next;
	b.insns = (uint16_t)insns;
	r->block[r->nblocks++] = b;
	r->ninsns += insns;
	ps->at = (uint16_t)(pc & 0xfff);
	return at_end(ps) || fail(ps, "end of line expected");
}

static bool parse_line(struct parser *ps)
{
	int64_t value;
	unsigned offset;

	if (at_end(ps))
		return true;
	if (accept(ps, "region")) {
		if (!number(ps, &value))
			return false;
		ps->region->page = (uint64_t)value;
		return at_end(ps) || fail(ps, "end of line expected");
	}
	if (accept(ps, "block"))
		return parse_block(ps);
	if (accept(ps, "@")) {
		if (!number_below(ps, 0x1001, &offset))
			return false;
		ps->at = (uint16_t)offset;
		return at_end(ps) || fail(ps, "end of line expected");
	}
	return parse_ins(ps);
}

int ir_parse(struct ir_region *ret, const char *text, unsigned *ret_line,
	     const char **ret_message)
{
	struct parser ps = {.p = text, .region = ret};

	ret->page = 0;
	ret->nops = ret->nblocks = ret->ninsns = 0;
	for (unsigned line = 1;; line++) {
		if (!parse_line(&ps)) {
			*ret_line = line;
			*ret_message = ps.message ? ps.message : "syntax error";
			return -EINVAL;
		}
		while (*ps.p && *ps.p != '\n')
			ps.p++;
		if (!*ps.p)
			return 0;
		ps.p++;
	}
}
