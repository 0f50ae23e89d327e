/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Addition and subtraction: immediate, shifted and extended register, with carry.
 * tags: guest/a64 - add, subtract, compare
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

static unsigned setf(int s)
{
	return s ? IRF_SETF : 0;
}

/* The result register of the forms whose rd is sp, unless they set the flags. */
static unsigned result(int rd, int s)
{
	return s ? a64_zr(rd) : (unsigned)rd;
}

A64_TRANS(ADDSUB_imm, addsub_imm)
{
	unsigned d = result(a->rd, a->s);

	if (a->imm == 0 && !a->s)
		a64_mov(l, a64_ty(a->sf), d, (unsigned)a->rn); /* to or from sp */
	else
		a64_emit(l, a->sub ? IR_SUB : IR_ADD, a64_ty(a->sf), setf(a->s), d,
			 (unsigned)a->rn, IR_IMM, 0, a->imm);
	return true;
}

A64_TRANS(ADDSUB_shift, addsub_shift)
{
	a64_emit(l, a->sub ? IR_SUB : IR_ADD, a64_ty(a->sf), setf(a->s), a64_zr(a->rd),
		 a64_zr(a->rn), a64_zr(a->rm), a64_shift(a->shift, a->amount), 0);
	return true;
}

A64_TRANS(ADDSUB_ext, addsub_ext)
{
	unsigned ty = a64_ty(a->sf);
	unsigned rm = a64_zr(a->rm);

	/* Extensions from the operation's own width or more are none. */
	if (rm != IR_ZERO && (a->option & 3) < (a->sf ? 3 : 2)) {
		a64_ext(l, ty, IR_T0, rm, a->option);
		rm = IR_T0;
	}
	a64_emit(l, a->sub ? IR_SUB : IR_ADD, ty, setf(a->s), result(a->rd, a->s),
		 (unsigned)a->rn, rm, a64_shift(IRS_LSL, a->amount), 0);
	return true;
}

A64_TRANS(ADC, adc)
{
	a64_emit(l, a->sub ? IR_SBC : IR_ADC, a64_ty(a->sf), setf(a->s), a64_zr(a->rd),
		 a64_zr(a->rn), a64_zr(a->rm), 0, 0);
	return true;
}
