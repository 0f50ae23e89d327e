/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Multiplication and division. tags: guest/a64 - multiply, divide
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

A64_TRANS(MADD, madd)
{
	unsigned ty = a64_ty(a->sf);
	unsigned d = a64_zr(a->rd), n = a64_zr(a->rn), m = a64_zr(a->rm);

	if (a->ra == 31 && !a->sub)
		a64_rr(l, IR_MUL, ty, d, n, m);
	else
		a64_emit(l, a->sub ? IR_MSUB : IR_MADD, ty, 0, d, n, m, a64_zr(a->ra), 0);
	return true;
}

A64_TRANS(MADDL, maddl)
{
	unsigned fl = a->u ? 0 : IRF_SGN;
	unsigned d = a64_zr(a->rd), n = a64_zr(a->rn), m = a64_zr(a->rm);

	if (a->ra == 31 && !a->sub)
		a64_emit(l, IR_MULL, IR_I64, fl, d, n, m, 0, 0);
	else
		a64_emit(l, a->sub ? IR_MSUBL : IR_MADDL, IR_I64, fl, d, n, m,
			 a64_zr(a->ra), 0);
	return true;
}

A64_TRANS(MULH, mulh)
{
	a64_emit(l, IR_MULH, IR_I64, a->u ? 0 : IRF_SGN, a64_zr(a->rd), a64_zr(a->rn),
		 a64_zr(a->rm), 0, 0);
	return true;
}

A64_TRANS(DIV, div)
{
	a64_rr(l, a->sign ? IR_SDIV : IR_UDIV, a64_ty(a->sf), a64_zr(a->rd),
	       a64_zr(a->rn), a64_zr(a->rm));
	return true;
}
