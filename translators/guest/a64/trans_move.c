/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Wide moves and pc-relative addresses. tags: guest/a64 - constants
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

A64_TRANS(MOVEW, movew)
{
	unsigned ty = a64_ty(a->sf);
	unsigned d = a64_zr(a->rd);
	uint64_t value = (uint64_t)a->imm << a->shift;

	if (a->opc == 0) {
		a64_mov_imm(l, ty, d, a64_imm(ty, ~value));
	} else if (a->opc == 2) {
		a64_mov_imm(l, ty, d, a64_imm(ty, value));
	} else {
		a64_mov_imm(l, ty, IR_T0, a->imm);
		a64_emit(l, IR_BFI, ty, 0, d, d, IR_T0, 0, IR_BF(a->shift, 16));
	}
	return true;
}

A64_TRANS(ADR, adr)
{
	a64_r(l, IR_ADR, IR_I64, a64_zr(a->rd), IR_NONE, (int64_t)l->pc + a->imm);
	return true;
}

A64_TRANS(ADRP, adr)
{
	a64_r(l, IR_ADR, IR_I64, a64_zr(a->rd), IR_NONE,
	      (int64_t)(l->pc & ~UINT64_C(0xfff)) + a->imm);
	return true;
}
