/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Checks that a region keeps the rules at the top of ir.h and that every field is within
 * the range that its role allows. tags: jit/ir - verifier
 *
 * One walk over the ops, one guest instruction at a time: ops of a block that carry the
 * same position belong to the same instruction, and temporaries live no longer than that.
 */
#include <errno.h>

#include "jit/ir/ir.h"

#define T(type) (1u << IR_##type)

enum {
	TYPES_ANY = (1u << IR_TYPE_COUNT) - 1,
	TYPES_WORD = T(I32) | T(I64),
	TYPES_MEM = T(I8) | T(I16) | T(I32) | T(I64),
};

struct verifier {
	const struct ir_region *r;
	const char *problem; /* constant text; set on the first finding */
	unsigned index;
	uint64_t int_temps, vec_temps; /* written in this guest instruction */
	uint64_t taken[IR_MAX_OPS / 64]; /* ops that belong to a block */
};

static bool bad(struct verifier *v, const char *problem)
{
	if (!v->problem)
		v->problem = problem;
	return false;
}

static unsigned types_of(unsigned op)
{
	switch (op) {
	case IR_SETF: return T(I8) | T(I16);
	case IR_CRC32:
	case IR_CRC32C:
	case IR_LD:
	case IR_ST:
	case IR_LDX:
	case IR_STX:
	case IR_AMO:
	case IR_CAS:
	case IR_GETST:
	case IR_SETST: return TYPES_MEM;
	case IR_MULH:
	case IR_REV64: return T(I64);
	case IR_LDV:
	case IR_STV: return TYPES_MEM | T(I128);
	case IR_GETNZCV:
	case IR_SETNZCV:
	case IR_RMIF:
	case IR_ZVA:
	case IR_PREFETCH:
	case IR_GETFPSR:
	case IR_SETFPSR:
	case IR_SETFPCR:
	case IR_HELPER:
	case IR_CALLR:
	case IR_JMPR:
	case IR_RET:
	case IR_ICACHE:
	case IR_MULL:
	case IR_MADDL:
	case IR_MSUBL: return TYPES_ANY;
	default: break;
	}
	/* Whatever else computes with integers does so in 32 or 64 bits. */
	if (op < IR_VMOV &&
	    (ir_op_info[op].d != IR_ROLE__ || ir_op_info[op].a != IR_ROLE__))
		return TYPES_WORD;
	return TYPES_ANY;
}

static bool in_bitfield(const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), width = IR_BF_WIDTH(i->imm);

	return i->imm >= 0 && i->imm <= 0xffff && width &&
	       lsb + width <= 8 * ir_type_bytes(i->ty);
}

static bool in_state(const struct ir_ins *i)
{
	unsigned size = ir_type_bytes(i->ty);

	return i->imm >= 0 && (uint64_t)i->imm + size <= sizeof(struct cpu) &&
	       i->imm % size == 0;
}

/* Rules about fields that are numbers. */
static bool check_numbers(struct verifier *v, const struct ir_ins *i)
{
	unsigned bits = 8 * ir_type_bytes(i->ty);
	bool sets = ir_op_info[i->op].attr & IR_A_SETS;

	if (ir_op_info[i->op].attr & IR_A_COND && i->c > 15 && !sets)
		return bad(v, "condition out of range");
	if (i->op >= IR_ADD && i->op <= IR_XORN && (i->c & 63) >= bits)
		return bad(v, "shift amount out of range");
	switch (i->op) {
	case IR_EXT: return i->c < 8 || bad(v, "unknown extension");
	case IR_EXTR: return i->c < bits || bad(v, "shift amount out of range");
	case IR_TBZ:
	case IR_TBNZ: return i->c < bits || bad(v, "bit out of range");
	case IR_UBFX:
	case IR_SBFX:
	case IR_UBFIZ:
	case IR_SBFIZ:
	case IR_BFI:
	case IR_BFXIL: return in_bitfield(i) || bad(v, "bit field out of range");
	case IR_CSEL:
		return (i->imm >= IR_CSEL_PLAIN && i->imm <= IR_CSEL_NEG) ||
		       bad(v, "unknown kind of CSEL");
	case IR_RMIF:
		return (i->c < 16 && i->imm >= 0 && i->imm < 64) ||
		       bad(v, "RMIF out of range");
	case IR_AMOP:
		return i->imm == IR_AMO_CLR || i->imm == IR_AMO_SET || i->imm == IR_AMO_SWP ||
		       bad(v, "unknown kind of AMOP");
	case IR_AMO:
		return (i->imm >= IR_AMO_ADD && i->imm <= IR_AMO_SWP) ||
		       bad(v, "unknown kind of AMO");
	case IR_FENCE:
		return (i->imm >= IR_FENCE_FULL && i->imm <= IR_FENCE_STORE) ||
		       bad(v, "unknown kind of FENCE");
	case IR_GETST:
	case IR_SETST: return in_state(i) || bad(v, "offset outside struct cpu");
	case IR_LD:
	case IR_ST:
	case IR_LDV:
	case IR_STV: return i->c <= 4 || bad(v, "index shift out of range");
	case IR_CASP:
		if (i->d == IR_SP - 1 || i->d == IR_SP || i->b == IR_SP - 1 ||
		    i->b == IR_SP)
			return bad(v, "a pair cannot include sp");
		return (i->d < IR_T4 && i->b < IR_T4) ||
		       bad(v, "a pair of registers needed");
	default: return true;
	}
}

/* IRF_SETF is for the ops that say so; the extensions exclude each other. */
static bool check_attributes(struct verifier *v, const struct ir_ins *i)
{
	bool arithmetic = (i->op >= IR_ADD && i->op <= IR_ANDN) || i->op == IR_ADC ||
			  i->op == IR_SBC;

	if (i->fl & IRF_SETF && i->op < IR_VMOV && !arithmetic)
		return bad(v, "op cannot set flags");
	if (i->fl & IRF_SX64 && i->fl & IRF_SX32)
		return bad(v, "sign-extension to both 32 and 64 bits");
	if (i->fl & (IRF_SX64 | IRF_SX32) && i->op < IR_VMOV && i->op != IR_LD)
		return bad(v, "sign-extension is for LD");
	return true;
}

static bool check_int(struct verifier *v, unsigned role, unsigned name, bool may_lack)
{
	bool reads = role != IR_ROLE_O;

	if (name == IR_ZERO || (may_lack && name == IR_NONE) ||
	    (role == IR_ROLE_M && name == IR_IMM))
		return true;
	if (name >= IR_INT_COUNT)
		return bad(v, "operand is not an integer register");
	if (reads && name >= IR_T0 && !(v->int_temps >> name & 1))
		return bad(v, "temporary read before it is written");
	return true;
}

static bool check_vec(struct verifier *v, unsigned role, unsigned name)
{
	if (name == IR_ZERO || name == IR_NONE)
		return true;
	if (name >= IR_VEC_COUNT)
		return bad(v, "operand is not a vector register");
	if (role != IR_ROLE_VO && name >= IR_VT0 && !(v->vec_temps >> name & 1))
		return bad(v, "vector temporary read before it is written");
	return true;
}

static bool check_operand(struct verifier *v, unsigned role, unsigned name, bool may_lack)
{
	switch (role) {
	case IR_ROLE__:
	case IR_ROLE_N: return true;
	case IR_ROLE_VO:
	case IR_ROLE_VI:
	case IR_ROLE_VIO: return check_vec(v, role, name);
	default: return check_int(v, role, name, may_lack);
	}
}

/* The upper halves of CASP's pairs have no field of their own. */
static bool check_pairs(struct verifier *v, const struct ir_ins *i)
{
	return check_int(v, IR_ROLE_IO, i->d + 1u, false) &&
	       check_int(v, IR_ROLE_I, i->b + 1u, false);
}

/* So have the registers behind the first of a table; behind v31 comes v0. */
static bool check_tables(struct verifier *v, const struct ir_ins *i)
{
	unsigned count = i->op == IR_VTBL || i->op == IR_VTBX	  ? i->c :
			 i->op == IR_VDEAL3 || i->op == IR_VRIFF3 ? 3 :
								    1;

	for (unsigned n = 1; n < count; n++)
		if (i->a >= IR_VT0 && !check_vec(v, IR_ROLE_VI, i->a + n))
			return false;
	return true;
}

static bool check_operands(struct verifier *v, const struct ir_ins *i)
{
	const struct ir_op_info *info = &ir_op_info[i->op];
	bool address = info->attr & IR_A_MEM && info->c == IR_ROLE_N;

	if (i->op == IR_CASP && !check_pairs(v, i))
		return false;
	if (!check_tables(v, i))
		return false;
	return check_operand(v, info->d, i->d, false) &&
	       check_operand(v, info->a, i->a, false) &&
	       check_operand(v, info->b, i->b, address) &&
	       check_operand(v, info->c, i->c, false);
}

static void note_write(struct verifier *v, unsigned role, unsigned name)
{
	if ((role == IR_ROLE_O || role == IR_ROLE_IO) && name < IR_INT_COUNT)
		v->int_temps |= (uint64_t)1 << name;
	if ((role == IR_ROLE_VO || role == IR_ROLE_VIO) && name < IR_VEC_COUNT)
		v->vec_temps |= (uint64_t)1 << name;
}

static void note_writes(struct verifier *v, const struct ir_ins *i)
{
	const struct ir_op_info *info = &ir_op_info[i->op];

	if (info->attr & IR_A_CLOBT)
		v->int_temps &= ~((uint64_t)1 << IR_T0);
	note_write(v, info->d, i->d);
	note_write(v, info->c, i->c);
	if (i->op == IR_CASP)
		note_write(v, IR_ROLE_O, i->d + 1u);
}

/* Slots that hold addresses of the memory accesses in [first, last]. */
static uint32_t address_slots(const struct ir_region *r, unsigned first, unsigned last)
{
	uint32_t slots = 0;

	for (unsigned n = first; n <= last; n++) {
		const struct ir_ins *i = &r->ins[n];
		const struct ir_op_info *info = &ir_op_info[i->op];

		if (!(info->attr & IR_A_MEM) || i->dead)
			continue;
		if (i->a < 32)
			slots |= 1u << i->a;
		if (info->c == IR_ROLE_N && info->b == IR_ROLE_I && i->b < 32)
			slots |= 1u << i->b;
	}
	return slots;
}

static bool writes_state(const struct ir_ins *i)
{
	const struct ir_op_info *info = &ir_op_info[i->op];
	bool slot = (info->d == IR_ROLE_O || info->d == IR_ROLE_IO ||
		     info->d == IR_ROLE_VO || info->d == IR_ROLE_VIO) &&
		    i->d < 32;

	return slot || i->fl & IRF_SETF || info->attr & IR_A_SETS || i->op == IR_SETST ||
	       i->op == IR_SETFPSR || i->op == IR_SETFPCR;
}

/* Precise faults: [first, end) are the ops of one guest instruction. */
static bool check_order(struct verifier *v, unsigned first, unsigned end)
{
	const struct ir_region *r = v->r;
	unsigned last = end;
	uint32_t slots;

	while (last > first && (!(ir_op_info[r->ins[last - 1].op].attr & IR_A_MEM) ||
				r->ins[last - 1].dead))
		last--;
	if (last == first)
		return true;
	last--;
	slots = address_slots(r, first, last);
	for (unsigned n = first; n < last; n++) {
		const struct ir_ins *i = &r->ins[n];
		bool access = ir_op_info[i->op].attr & IR_A_MEM;
		bool own = access && (ir_op_info[i->op].d >= IR_ROLE_VO || i->d >= 32 ||
				      !(slots >> i->d & 1));

		v->index = n;
		if (!i->dead && writes_state(i) && !own)
			return bad(v, "state changes before the last memory access");
	}
	return true;
}

static bool check_ins(struct verifier *v, const struct ir_ins *i)
{
	if (i->op >= IR_OP_COUNT)
		return bad(v, "unknown op");
	if (i->dead)
		return true;
	if (i->ty >= IR_TYPE_COUNT || !(types_of(i->op) >> i->ty & 1))
		return bad(v, "type not allowed here");
	if (!check_numbers(v, i) || !check_attributes(v, i) || !check_operands(v, i))
		return false;
	note_writes(v, i);
	return true;
}

static bool check_block_ops(struct verifier *v, const struct ir_block *b)
{
	const struct ir_region *r = v->r;
	unsigned end = b->first + (unsigned)b->count, insn = b->first;
	unsigned at = (unsigned)(b->pc - r->page);

	for (unsigned n = b->first; n < end; n++) {
		const struct ir_ins *i = &r->ins[n];

		v->index = n;
		if (r->at[n] < at || r->at[n] > b->next_pc - r->page)
			return bad(v, "position outside the block or going back");
		if (r->at[n] != at || n == b->first) {
			if (!check_order(v, insn, n))
				return false;
			v->index = insn = n;
			at = r->at[n];
			v->int_temps = v->vec_temps = 0;
		}
		if (!check_ins(v, i))
			return false;
		if (!(ir_op_info[i->op].attr & IR_A_TERM) != (n + 1 < end))
			return bad(v, n + 1 < end
					      ? "terminator inside a block"
					      : "block does not end with a terminator");
		if (n + 1 == end && i->dead)
			return bad(v, "terminator is dead");
	}
	return check_order(v, insn, end);
}

/* Splitting a block leaves ops behind that belong to none, but none belongs to two. */
static bool take_ops(struct verifier *v, const struct ir_block *b)
{
	unsigned end = b->first + (unsigned)b->count;

	if (!b->count || end > v->r->nops)
		return false;
	for (unsigned n = b->first; n < end; n++) {
		uint64_t bit = (uint64_t)1 << (n & 63);

		if (v->taken[n >> 6] & bit)
			return false;
		v->taken[n >> 6] |= bit;
	}
	return true;
}

static bool check_block(struct verifier *v, const struct ir_block *b)
{
	const struct ir_region *r = v->r;

	v->index = b->first;
	if (!take_ops(v, b))
		return bad(v, "ops of the block are not where they should be");
	if (b->pc < r->page || b->pc >= r->page + 4096 || b->next_pc < b->pc ||
	    b->next_pc > r->page + 4096)
		return bad(v, "block leaves the page");
	if (b->live_in > IR_FLAGS || b->live_out > IR_FLAGS)
		return bad(v, "unknown flags");
	return check_block_ops(v, b);
}

static bool check_region(struct verifier *v)
{
	const struct ir_region *r = v->r;
	unsigned insns = 0;

	if (r->nops > IR_MAX_OPS || r->nblocks > IR_MAX_BLOCKS ||
	    r->ninsns > IR_MAX_INSNS)
		return bad(v, "region too large");
	if (r->page & 4095)
		return bad(v, "page is not aligned");
	for (unsigned n = 0; n < r->nblocks; n++) {
		if (!check_block(v, &r->block[n]))
			return false;
		insns += r->block[n].insns;
	}
	v->index = r->nops;
	return insns == r->ninsns || bad(v, "wrong number of guest instructions");
}

static char *append(char *p, const char *end, const char *text)
{
	while (*text && p < end)
		*p++ = *text++;
	return p;
}

static void report(const struct verifier *v, char *message, size_t size)
{
	char digits[12], *d = &digits[11], *p = message;
	const char *end = message + size - 1;
	unsigned index = v->index;

	if (!size)
		return;
	*d = 0;
	do
		*--d = (char)('0' + index % 10);
	while (index /= 10);
	p = append(p, end, "op ");
	p = append(p, end, d);
	if (v->index < v->r->nops && v->r->ins[v->index].op < IR_OP_COUNT) {
		p = append(p, end, " (");
		p = append(p, end, ir_op_info[v->r->ins[v->index].op].name);
		p = append(p, end, ")");
	}
	p = append(p, end, ": ");
	*append(p, end, v->problem) = 0;
}

int ir_verify(const struct ir_region *region, char *message, size_t size)
{
	struct verifier v = {.r = region};

	if (check_region(&v))
		return 0;
	report(&v, message, size);
	return -EINVAL;
}
