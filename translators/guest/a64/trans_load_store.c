/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loads and stores of one integer register, and the ordered ones.
 *
 * Indexed loads into their own base register are CONSTRAINED UNPREDICTABLE: the base gets
 * the updated address and the loaded value is dropped. Indexed stores of their base store its
 * old value. tags: guest/a64 - loads, stores, copies
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

static unsigned sign_flags(int sign, int w32)
{
	return !sign ? 0 : w32 ? IRF_SX32 : IRF_SX64;
}

A64_TRANS(LDR_imm, ldst_imm)
{
	bool own_base = a->wback && a->rt == a->rn;

	a64_access(l, IR_LD, (unsigned)a->size, sign_flags(a->sign, a->w32),
		   own_base ? IR_ZERO : a64_zr(a->rt),
		   a64_address_imm(a->rn, a->imm, a->post));
	if (a->wback)
		a64_writeback(l, a->rn, a->imm);
	return true;
}

A64_TRANS(STR_imm, ldst_imm)
{
	a64_access(l, IR_ST, (unsigned)a->size, 0, a64_zr(a->rt),
		   a64_address_imm(a->rn, a->imm, a->post));
	if (a->wback)
		a64_writeback(l, a->rn, a->imm);
	return true;
}

A64_TRANS(LDR_reg, ldst_reg)
{
	struct a64_address addr = a64_address_reg(l, a->rn, a->rm, a->option, a->shift);

	a64_access(l, IR_LD, (unsigned)a->size, sign_flags(a->sign, a->w32),
		   a64_zr(a->rt), addr);
	return true;
}

A64_TRANS(STR_reg, ldst_reg)
{
	struct a64_address addr = a64_address_reg(l, a->rn, a->rm, a->option, a->shift);

	a64_access(l, IR_ST, (unsigned)a->size, 0, a64_zr(a->rt), addr);
	return true;
}

A64_TRANS(LDR_lit, ldr_lit)
{
	struct a64_address addr = a64_address_literal(l, a->imm);

	a64_access(l, IR_LD, (unsigned)a->size, sign_flags(a->sign, 0), a64_zr(a->rt),
		   addr);
	return true;
}

A64_TRANS(PRFM, none)
{
	return true;
}

/* ---- acquire and release ---- */

static bool load_acquire(struct a64_lift *l, const struct a64_arg_ordered *a)
{
	a64_access(l, IR_LD, (unsigned)a->size, IRF_ACQ, a64_zr(a->rt),
		   a64_address_imm(a->rn, 0, 0));
	return true;
}

static bool store_release(struct a64_lift *l, const struct a64_arg_ordered *a)
{
	a64_access(l, IR_ST, (unsigned)a->size, IRF_REL, a64_zr(a->rt),
		   a64_address_imm(a->rn, 0, 0));
	return true;
}

A64_TRANS(LDAR, ordered)
{
	return load_acquire(l, a);
}

A64_TRANS(LDLAR, ordered)
{
	return load_acquire(l, a);
}

A64_TRANS(LDAPR, ordered)
{
	return load_acquire(l, a);
}

A64_TRANS(STLR, ordered)
{
	return store_release(l, a);
}

A64_TRANS(STLLR, ordered)
{
	return store_release(l, a);
}

A64_TRANS(LDAPUR, ldst_imm)
{
	a64_access(l, IR_LD, (unsigned)a->size, IRF_ACQ | sign_flags(a->sign, a->w32),
		   a64_zr(a->rt), a64_address_imm(a->rn, a->imm, 0));
	return true;
}

A64_TRANS(STLUR, ldst_imm)
{
	a64_access(l, IR_ST, (unsigned)a->size, IRF_REL, a64_zr(a->rt),
		   a64_address_imm(a->rn, a->imm, 0));
	return true;
}

/* ---- Armv8.9 ---- */

A64_TRANS(LDAPR_post, ordered_wb)
{
	a64_access(l, IR_LD, (unsigned)a->size, IRF_ACQ,
		   a->rt == a->rn ? IR_ZERO : a64_zr(a->rt), a64_address_imm(a->rn, 0, 0));
	a64_writeback(l, a->rn, a->wback);
	return true;
}

A64_TRANS(STLR_pre, ordered_wb)
{
	a64_access(l, IR_ST, (unsigned)a->size, IRF_REL, a64_zr(a->rt),
		   a64_address_imm(a->rn, a->wback, 0));
	a64_writeback(l, a->rn, a->wback);
	return true;
}

/* The order of the two accesses is nobody's business; the first results go to temporaries,
 * because the second access may fault. */
A64_TRANS(LDIAPP, ordered_pair)
{
	struct a64_address addr = a64_address_imm(a->rn, 0, 0);

	a64_access(l, IR_LD, (unsigned)a->size, IRF_ACQ, IR_T1, addr);
	addr.disp += 1 << a->size;
	a64_access(l, IR_LD, (unsigned)a->size, IRF_ACQ, IR_T2, addr);
	if (a->wback)
		a64_writeback(l, a->rn, a->wback);
	a64_mov(l, IR_I64, a64_zr(a->rt), IR_T1);
	a64_mov(l, IR_I64, a64_zr(a->rt2), IR_T2);
	return true;
}

A64_TRANS(STILP, ordered_pair)
{
	struct a64_address addr = a64_address_imm(a->rn, a->wback, 0);

	a64_access(l, IR_ST, (unsigned)a->size, IRF_REL, a64_zr(a->rt), addr);
	addr.disp += 1 << a->size;
	a64_access(l, IR_ST, (unsigned)a->size, IRF_REL, a64_zr(a->rt2), addr);
	if (a->wback)
		a64_writeback(l, a->rn, a->wback);
	return true;
}

/* ---- copies and sets ---- */

static bool mops(struct a64_lift *l, unsigned kind, int stage, int rd, int rs, int rn)
{
	/* The manual leaves these undefined, or lets them be. */
	if (rd == 31 || rn == 31 || rd == rs || rd == rn || rs == rn ||
	    (kind != IR_MOPS_SET && rs == 31))
		return false;
	a64_end(l, IR_MOPS, IR_I64, IR_NONE, IR_NONE, 0, IR_MOPS(kind, stage, rd, rs, rn));
	l->end->has_next = true;
	return true;
}

A64_TRANS(CPY, mops_copy)
{
	return mops(l, a->down ? IR_MOPS_COPY : IR_MOPS_FORWARD, a->stage, a->rd, a->rs, a->rn);
}

A64_TRANS(SET, mops_set)
{
	return mops(l, IR_MOPS_SET, a->stage, a->rd, a->rs, a->rn);
}
