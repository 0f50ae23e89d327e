/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loads and stores of one integer register, and the ordered ones.
 *
 * Indexed loads into their own base register are CONSTRAINED UNPREDICTABLE: the base gets
 * the updated address and the loaded value is dropped. Indexed stores of their base store its
 * old value. tags: guest/a64 - loads, stores
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
