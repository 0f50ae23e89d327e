/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Multiplication and division. tags: jit/x86 - multiply and divide */
#include "jit/x86/lower_int.h"

/* rax = a * b */
static void product(struct lower *l, const struct ir_ins *i, unsigned w)
{
	copy(l, w, RAX, i->a);
	if (i->b == IR_ZERO)
		x86_mov_ri(HOT, RAX, 0, true);
	else
		lower_op(l, X86_IMUL, w, RAX, i->b);
}

/*
 * Can the product be made by mulx, which leaves EFLAGS alone? It takes rdx, the home of the first
 * temporary: no instruction needs both.
 */
static bool has_mulx(const struct lower *l, const struct ir_ins *i)
{
	return l->feat->bmi2 && i->a != IR_ZERO && i->b != IR_ZERO;
}

/* low, high = a * b */
static void mulx(struct lower *l, const struct ir_ins *i, unsigned w, unsigned low, unsigned high)
{
	bool swap = lower_reg(l, i->b) == RDX;
	unsigned other = swap ? i->a : i->b;
	int b = lower_reg(l, other);

	copy(l, w, RDX, swap ? i->b : i->a);
	if (b >= 0)
		x86_vrr(HOT, X86_MULX, w, 0, high, low, (unsigned)b);
	else
		x86_vrm(HOT, X86_MULX, w, 0, high, low, lower_home(other), 0);
}

/* rax = low words of a and b multiplied to 64 bits */
static void long_product(struct lower *l, const struct ir_ins *i)
{
	unsigned ext = i->fl & IRF_SGN ? IR_SXTW : IR_UXTW;

	lower_extend(l, IR_I64, RAX, i->a, ext);
	lower_extend(l, IR_I64, RCX, i->b, ext);
	x86_rr(HOT, X86_IMUL, W64, RAX, RCX);
}

/* d = c + rax or c - rax */
static void accumulate(struct lower *l, const struct ir_ins *i, unsigned w, bool subtract)
{
	int d = lower_reg(l, i->d);

	if (i->c == IR_ZERO) {
		if (subtract)
			x86_gr(HOT, X86_NEG, w, RAX);
		lower_write(l, i->d, RAX);
	} else if (d >= 0 && i->d == i->c) {
		x86_rr(HOT, subtract ? X86_SUB : X86_ADD, w, (unsigned)d, RAX);
	} else if (subtract) {
		copy(l, w, RCX, i->c);
		x86_rr(HOT, X86_SUB, w, RCX, RAX);
		lower_write(l, i->d, RCX);
	} else {
		lower_op(l, X86_ADD, w, RAX, i->c);
		lower_write(l, i->d, RAX);
	}
}

void lower_MUL(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);
	int d = lower_reg(l, i->d);

	if (has_mulx(l, i) && lower_flags_busy(l, i)) {
		unsigned low = DST(RCX);

		mulx(l, i, w, low, RAX);
		lower_write(l, i->d, low);
		return;
	}
	lower_flags_clobber(l, i);
	if (d >= 0 && i->d == i->a && i->b != IR_ZERO) {
		lower_op(l, X86_IMUL, w, (unsigned)d, i->b);
		return;
	}
	if (d >= 0 && i->d == i->b && i->a != IR_ZERO) {
		lower_op(l, X86_IMUL, w, (unsigned)d, i->a);
		return;
	}
	if (d >= 0 && i->a != IR_ZERO && i->b != IR_ZERO) {
		copy(l, w, (unsigned)d, i->a);
		lower_op(l, X86_IMUL, w, (unsigned)d, i->b);
		return;
	}
	product(l, i, w);
	lower_write(l, i->d, RAX);
}

void lower_MADD(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	product(l, i, width(i));
	accumulate(l, i, width(i), false);
}

void lower_MSUB(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	product(l, i, width(i));
	accumulate(l, i, width(i), true);
}

void lower_MULL(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	long_product(l, i);
	lower_write(l, i->d, RAX);
}

void lower_MADDL(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	long_product(l, i);
	accumulate(l, i, W64, false);
}

void lower_MSUBL(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	long_product(l, i);
	accumulate(l, i, W64, true);
}

void lower_MULH(struct lower *l, const struct ir_ins *i)
{
	unsigned b;

	if (has_mulx(l, i) && !(i->fl & IRF_SGN)) {
		unsigned high = DST(RDX);

		mulx(l, i, W64, RAX, high);
		lower_write(l, i->d, high);
		return;
	}
	lower_flags_clobber(l, i);
	b = lower_src(l, i->b, W64, RCX);
	copy(l, W64, RAX, i->a);
	x86_gr(HOT, i->fl & IRF_SGN ? X86_IMUL1 : X86_MUL, W64, b);
	lower_write(l, i->d, RDX);
}

void lower_UDIV(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);
	uint8_t *zero;

	lower_flags_clobber(l, i);
	copy(l, w, RCX, i->b);
	copy(l, w, RAX, i->a);
	x86_rr(HOT, X86_XOR, W32, RDX, RDX);
	x86_rr(HOT, X86_TEST_MR, w, RCX, RCX);
	zero = x86_jcc8(HOT, CC_E);
	x86_gr(HOT, X86_DIV, w, RCX);
	x86_rr(HOT, X86_MOV, w, RDX, RAX);
	x86_bind8(HOT, zero);
	lower_write(l, i->d, RDX);
}

void lower_SDIV(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);
	uint8_t *special;

	lower_flags_clobber(l, i);
	copy(l, w, RCX, i->b);
	copy(l, w, RAX, i->a);
	/* For 0 and -1 the quotient is a * b, which cannot trap. */
	x86_rm(HOT, X86_LEA, w, RDX, x86_base(RCX, 1));
	x86_gri(HOT, X86_CMP_I32, w, RDX, 1);
	special = x86_jcc(HOT, CC_BE, 0);
	if (w == W64)
		x86_u8(HOT, 0x48);
	x86_u8(HOT, 0x99); /* cdq, cqo */
	x86_gr(HOT, X86_IDIV, w, RCX);
	x86_patch32(HOT, special, x86_here(&l->cold));
	x86_rr(&l->cold, X86_IMUL, w, RAX, RCX);
	x86_jmp(&l->cold, x86_here(HOT));
	lower_write(l, i->d, RAX);
}
