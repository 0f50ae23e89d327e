/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conditional select and compare, and direct operations on the flags. Conditions 14 and 15
 * both mean always. tags: guest/a64 - conditions, flags
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

A64_TRANS(CSEL, csel)
{
	static const uint8_t kinds[4] = {IR_CSEL_PLAIN, IR_CSEL_INC, IR_CSEL_INV,
					 IR_CSEL_NEG};
	unsigned ty = a64_ty(a->sf);
	unsigned d = a64_zr(a->rd), n = a64_zr(a->rn), m = a64_zr(a->rm);

	if (a->cond >= IRC_AL)
		a64_mov(l, ty, d, n);
	else
		a64_emit(l, IR_CSEL, ty, 0, d, n, m, (unsigned)a->cond,
			 kinds[a->inv << 1 | a->inc]);
	return true;
}

/* b: register or IR_IMM */
static void cond_compare(struct a64_lift *l, int sf, int sub, int cond, int nzcv,
			 unsigned n, unsigned b, int64_t imm)
{
	unsigned ty = a64_ty(sf);

	if (cond >= IRC_AL)
		a64_emit(l, sub ? IR_SUB : IR_ADD, ty, IRF_SETF, IR_ZERO, n, b, 0, imm);
	else
		a64_emit(l, sub ? IR_CCMP : IR_CCMN, ty, 0, IR_NONE, n, b,
			 (unsigned)(nzcv << 4 | cond), imm);
}

A64_TRANS(CCMP_reg, ccmp_reg)
{
	cond_compare(l, a->sf, a->sub, a->cond, a->nzcv, a64_zr(a->rn), a64_zr(a->rm), 0);
	return true;
}

A64_TRANS(CCMP_imm, ccmp_imm)
{
	cond_compare(l, a->sf, a->sub, a->cond, a->nzcv, a64_zr(a->rn), IR_IMM, a->imm);
	return true;
}

A64_TRANS(RMIF, rmif)
{
	a64_emit(l, IR_RMIF, IR_I64, 0, IR_NONE, a64_zr(a->rn), IR_NONE,
		 (unsigned)a->mask, a->shift);
	return true;
}

A64_TRANS(SETF, setf)
{
	a64_r(l, IR_SETF, a->size ? IR_I16 : IR_I8, IR_NONE, a64_zr(a->rn), 0);
	return true;
}

A64_TRANS(CFINV, none)
{
	a64_r(l, IR_CFINV, IR_I32, IR_NONE, IR_NONE, 0);
	return true;
}

A64_TRANS(XAFLAG, none)
{
	a64_r(l, IR_XAFLAG, IR_I32, IR_NONE, IR_NONE, 0);
	return true;
}

A64_TRANS(AXFLAG, none)
{
	a64_r(l, IR_AXFLAG, IR_I32, IR_NONE, IR_NONE, 0);
	return true;
}
