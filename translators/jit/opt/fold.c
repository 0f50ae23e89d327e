/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Constants and addresses that guests build in several steps. tags: jit/opt - folding
 *
 * Arm loads a wide constant with a MOVZ and MOVKs (here: MOV, then BFIs) and an address with
 * ADRP and ADD. A walk forward over each block knows which registers hold a constant or an
 * address (ADR: kept apart, since addresses move when code is relocated), turns the later
 * steps into one MOV or ADR, and drops the earlier ones where nobody can tell: no op in
 * between reads the register, and none may fault, trap or leave.
 */
#include "jit/opt/opt.h"

#define LOOK_BACK 8 /* ops; the steps of a constant are close together */

struct known {
	struct ir_region *r;
	const bool *leaves; /* see struct opt_options */
	uint64_t constants, addresses; /* masks over register names */
	uint64_t value[IR_INT_COUNT];
	uint16_t writer[IR_INT_COUNT]; /* index of the MOV or ADR */
};

static bool is_constant(const struct known *k, unsigned name)
{
	return name < IR_INT_COUNT && k->constants >> name & 1;
}

static bool get_constant(const struct known *k, const struct ir_ins *i, unsigned name,
			 uint64_t *ret)
{
	if (name == IR_IMM)
		*ret = (uint64_t)i->imm;
	else if (name == IR_ZERO)
		*ret = 0;
	else if (is_constant(k, name))
		*ret = k->value[name];
	else
		return false;
	return true;
}

static bool is_read(unsigned role)
{
	return role == IR_ROLE_I || role == IR_ROLE_M || role == IR_ROLE_IO;
}

static bool reads(const struct ir_ins *i, unsigned name)
{
	const struct ir_op_info *info = &ir_op_info[i->op];

	return (i->d == name && is_read(info->d)) || (i->a == name && is_read(info->a)) ||
	       (i->b == name && is_read(info->b)) || (i->c == name && is_read(info->c));
}

/* Drops the earlier write to `name`, now that op n writes it again, if it is unseen. */
static void drop_writer(struct known *k, unsigned name, unsigned n)
{
	struct ir_region *r = k->r;
	unsigned writer = k->writer[name];

	if (n - writer > LOOK_BACK)
		return;
	for (unsigned m = writer + 1; m < n; m++) {
		const struct ir_ins *i = &r->ins[m];
		unsigned attr = ir_op_info[i->op].attr;

		/* Vector ops come last in the table; on some hosts some of them leave. */
		if (attr & (IR_A_MEM | IR_A_SIDE | IR_A_TRAP | IR_A_TERM) || i->op >= IR_VMOV ||
		    (k->leaves && k->leaves[i->op]) || (!i->dead && reads(i, name)))
			return;
	}
	r->ins[writer].dead = 1;
}

static void learn(struct known *k, unsigned name, uint64_t value, unsigned n,
		  bool address)
{
	uint64_t bit = (uint64_t)1 << name;

	k->value[name] = value;
	k->writer[name] = (uint16_t)n;
	if (address)
		k->addresses |= bit;
	else
		k->constants |= bit;
}

/* The value of the op when its operands are constants. Only what guests use to build
 * constants is worth the time. */
static bool compute(const struct known *k, const struct ir_ins *i, uint64_t *ret)
{
	uint64_t a, b, mask;

	if (!get_constant(k, i, i->a, &a) || !get_constant(k, i, i->b, &b))
		return false;
	switch (i->op) {
	case IR_BFI:
		mask = ~(uint64_t)0 >> (64 - IR_BF_WIDTH(i->imm)) << IR_BF_LSB(i->imm);
		*ret = (a & ~mask) | (b << IR_BF_LSB(i->imm) & mask);
		break;
	case IR_ADD: *ret = a + b; break;
	case IR_SUB: *ret = a - b; break;
	case IR_OR: *ret = a | b; break;
	case IR_AND: *ret = a & b; break;
	default: *ret = a ^ b;
	}
	if (i->ty == IR_I32)
		*ret &= 0xffffffff;
	return true;
}

/* Makes op n a MOV or ADR of value. */
static void replace(struct known *k, unsigned n, uint64_t value, bool address)
{
	struct ir_ins *i = &k->r->ins[n];
	unsigned d = i->d;
	uint64_t old = k->constants | k->addresses;

	if (i->a == d && d < IR_INT_COUNT && old >> d & 1)
		drop_writer(k, d, n);
	k->constants &= ~((uint64_t)1 << d);
	k->addresses &= ~((uint64_t)1 << d);
	*i = (struct ir_ins){.op = address ? IR_ADR : IR_MOV,
			     .ty = IR_I64,
			     .d = (uint8_t)d,
			     .a = address ? IR_NONE : IR_IMM,
			     .b = IR_NONE,
			     .imm = (int64_t)value};
	learn(k, d, value, n, address);
}

/* ADR d; ADD d, d, #imm. With another result register nothing would be gained. */
static bool is_address_step(const struct known *k, const struct ir_ins *i)
{
	return (i->op == IR_ADD || i->op == IR_SUB) && i->ty == IR_I64 &&
	       i->b == IR_IMM && i->a == i->d && k->addresses >> i->d & 1;
}

static bool fold_step(struct known *k, unsigned n)
{
	const struct ir_ins *i = &k->r->ins[n];
	uint64_t value;

	if (i->d >= IR_INT_COUNT)
		return false;
	if (i->op != IR_BFI && (i->c || i->fl & IRF_SETF))
		return false;
	if (is_address_step(k, i)) {
		value = k->value[i->d];
		value += i->op == IR_ADD ? (uint64_t)i->imm : -(uint64_t)i->imm;
		replace(k, n, value, true);
		return true;
	}
	if (!compute(k, i, &value))
		return false;
	replace(k, n, value, false);
	return true;
}

/* What the walk has to do at an op: bits. */
enum {
	PLAIN = 0,
	WRITES = 1,        /* d is an integer result */
	STEP = WRITES | 2, /* look closer when operand a is known */
	START = WRITES | 4,
	FORGET = 8,
};

#define WRITES_INT(role) ((role) == IR_ROLE_O || (role) == IR_ROLE_IO)
#define IS_STEP(op)                                                             \
	((op) == IR_BFI || (op) == IR_ADD || (op) == IR_SUB || (op) == IR_OR || \
	 (op) == IR_AND || (op) == IR_XOR)

#define KIND(op, d, c)                                                       \
	((op) == IR_MOV || (op) == IR_ADR                           ? START  \
	 : IS_STEP(op)                                              ? STEP   \
	 : (c) == IR_ROLE_O || (c) == IR_ROLE_IO || (op) == IR_CASP || (op) == IR_HELPER ? FORGET \
	 : WRITES_INT(d)                                            ? WRITES \
								    : PLAIN)

static const uint8_t kind[IR_OP_COUNT] = {
#define OP(op, d, a, b, c, attributes, meaning) \
	[IR_##op] = KIND(IR_##op, IR_ROLE_##d, IR_ROLE_##c),
#include "jit/ir/ops.def"
#undef OP
};

static void fold_ins(struct known *k, unsigned n, unsigned what)
{
	const struct ir_ins *i = &k->r->ins[n];
	uint64_t bit = (uint64_t)1 << (i->d & 63);

	if (what == FORGET) {
		k->constants = k->addresses = 0;
		return;
	}
	/* ADRP; ADD #0 */
	if (i->op == IR_MOV && i->a == i->d && i->ty == IR_I64) {
		k->r->ins[n].dead = 1;
		return;
	}
	if (what == STEP && fold_step(k, n))
		return;
	k->constants &= ~bit;
	k->addresses &= ~bit;
	if (what != START || i->d >= IR_INT_COUNT)
		return;
	if (i->op == IR_ADR)
		learn(k, i->d, (uint64_t)i->imm, n, true);
	else if (i->a == IR_IMM)
		learn(k, i->d, i->ty == IR_I32 ? (uint32_t)i->imm : (uint64_t)i->imm, n,
		      false);
}

/* RBIT and CLZ of the result count trailing zeros, as every string function of glibc does. */
static void count_trailing(struct ir_region *r, unsigned n, const bool *leaves)
{
	struct ir_ins *clz = &r->ins[n], *rbit = clz - 1;

	if (rbit->op != IR_RBIT || rbit->d != clz->a || rbit->ty != clz->ty ||
	    (leaves && leaves[IR_CTZ]))
		return;
	if (clz->d == rbit->d)
		rbit->dead = 1;
	else if (rbit->a == rbit->d)
		return;
	clz->op = IR_CTZ;
	clz->a = rbit->a;
}

void opt_fold(struct ir_region *region, const struct opt_options *options)
{
	struct known k;

	k.r = region;
	k.leaves = options->leaves;
	for (unsigned b = 0; b < region->nblocks; b++) {
		unsigned first = region->block[b].first;
		unsigned end = first + region->block[b].count;

		uint64_t known = 0;

		k.constants = k.addresses = 0;
		for (unsigned n = first; n < end; n++) {
			const struct ir_ins *i = &region->ins[n];
			unsigned what = kind[i->op];

			if (i->op == IR_CLZ && n > first)
				count_trailing(region, n, k.leaves);
			/* The common case without branches that are hard to predict. */
			if (i->op == IR_MOV && i->a != IR_IMM)
				what = i->a == i->d ? START : WRITES;
			if (what & (12 | (known >> (i->a & 63) & 1) << 1)) {
				k.constants &= known;
				k.addresses &= known;
				fold_ins(&k, n, what);
				known = k.constants | k.addresses;
			} else {
				known &= ~((uint64_t)(what & WRITES) << (i->d & 63));
			}
		}
	}
}
