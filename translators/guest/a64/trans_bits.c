/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bit fields, shifts, rotations, extraction, reversal, counting, CRC.
 * tags: guest/a64 - bit manipulation
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

/* Moves or shifts by an amount that may be 0. */
static void shift_imm(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned d,
		      unsigned n, int amount)
{
	if (amount)
		a64_ri(l, op, ty, d, n, amount);
	else
		a64_mov(l, ty, d, n);
}

/* UBFM and SBFM by their aliases. */
static void field_move(struct a64_lift *l, unsigned ty, bool sgn, unsigned d, unsigned n,
		       int r, int s)
{
	int width = ty == IR_I64 ? 64 : 32;

	if (s == width - 1) {
		shift_imm(l, sgn ? IR_SAR : IR_SHR, ty, d, n, r);
	} else if (!sgn && s + 1 == r) {
		a64_ri(l, IR_SHL, ty, d, n, width - r);
	} else if (s < r) {
		a64_r(l, sgn ? IR_SBFIZ : IR_UBFIZ, ty, d, n, IR_BF(width - r, s + 1));
	} else if (r == 0 && s == 7) {
		a64_ext(l, ty, d, n, sgn ? IR_SXTB : IR_UXTB);
	} else if (r == 0 && s == 15) {
		a64_ext(l, ty, d, n, sgn ? IR_SXTH : IR_UXTH);
	} else if (r == 0 && s == 31) {
		a64_ext(l, ty, d, n, sgn ? IR_SXTW : IR_UXTW);
	} else {
		a64_r(l, sgn ? IR_SBFX : IR_UBFX, ty, d, n, IR_BF(r, s - r + 1));
	}
}

A64_TRANS(BITFIELD, bitfield)
{
	unsigned ty = a64_ty(a->sf);
	int width = a->sf ? 64 : 32;
	unsigned d = a64_zr(a->rd), n = a64_zr(a->rn);
	int r = a->immr, s = a->imms;

	if (a->opc != 1)
		field_move(l, ty, a->opc == 0, d, n, r, s);
	else if (s < r)
		a64_emit(l, IR_BFI, ty, 0, d, d, n, 0, IR_BF(width - r, s + 1));
	else if (s - r == width - 1)
		a64_mov(l, ty, d, n);
	else
		a64_emit(l, IR_BFXIL, ty, 0, d, d, n, 0, IR_BF(r, s - r + 1));
	return true;
}

A64_TRANS(EXTR, extr)
{
	unsigned ty = a64_ty(a->sf);
	unsigned d = a64_zr(a->rd), n = a64_zr(a->rn), m = a64_zr(a->rm);

	if (a->lsb == 0)
		a64_mov(l, ty, d, m);
	else if (n == m)
		a64_ri(l, IR_ROR, ty, d, n, a->lsb);
	else
		a64_emit(l, IR_EXTR, ty, 0, d, n, m, (unsigned)a->lsb, 0);
	return true;
}

A64_TRANS(SHIFTV, shiftv)
{
	static const uint16_t ops[4] = {IR_SHL, IR_SHR, IR_SAR, IR_ROR};

	a64_rr(l, (enum ir_op)ops[a->op], a64_ty(a->sf), a64_zr(a->rd), a64_zr(a->rn),
	       a64_zr(a->rm));
	return true;
}

static bool unary(struct a64_lift *l, enum ir_op op, const struct a64_arg_rr *a)
{
	a64_r(l, op, a64_ty(a->sf), a64_zr(a->rd), a64_zr(a->rn), 0);
	return true;
}

A64_TRANS(RBIT, rr)
{
	return unary(l, IR_RBIT, a);
}

A64_TRANS(REV16, rr)
{
	return unary(l, IR_REV16, a);
}

A64_TRANS(REV32, rr)
{
	return unary(l, IR_REV32, a);
}

A64_TRANS(REV64, rr)
{
	return unary(l, IR_REV64, a);
}

A64_TRANS(CLZ, rr)
{
	return unary(l, IR_CLZ, a);
}

A64_TRANS(CLS, rr)
{
	return unary(l, IR_CLS, a);
}

A64_TRANS(CRC32, crc32)
{
	a64_rr(l, a->c ? IR_CRC32C : IR_CRC32, IR_I8 + (unsigned)a->size, a64_zr(a->rd),
	       a64_zr(a->rn), a64_zr(a->rm));
	return true;
}

/* ---- Armv8.9 ---- */

static bool count(struct a64_lift *l, const struct a64_arg_rr *a, enum ir_op op)
{
	a64_r(l, op, a64_ty(a->sf), a64_zr(a->rd), a64_zr(a->rn), 0);
	return true;
}

A64_TRANS(CTZ, rr)
{
	return count(l, a, IR_CTZ);
}

A64_TRANS(CNT_r, rr)
{
	return count(l, a, IR_CNT);
}

A64_TRANS(ABS_r, rr)
{
	unsigned ty = a64_ty(a->sf), n = a64_zr(a->rn);

	a64_rr(l, IR_SUB, ty, IR_T0, IR_ZERO, n);
	a64_emit(l, IR_MAX, ty, IRF_SGN, a64_zr(a->rd), IR_T0, n, 0, 0);
	return true;
}

static bool extreme(struct a64_lift *l, int sf, int op, int rd, int rn, unsigned b,
		    int64_t imm)
{
	a64_emit(l, op & 2 ? IR_MIN : IR_MAX, a64_ty(sf), op & 1 ? 0 : IRF_SGN, a64_zr(rd),
		 a64_zr(rn), b, 0, imm);
	return true;
}

A64_TRANS(MINMAX_reg, minmax)
{
	return extreme(l, a->sf, a->op, a->rd, a->rn, a64_zr(a->rm), 0);
}

A64_TRANS(MINMAX_imm, minmax_imm)
{
	return extreme(l, a->sf, a->op, a->rd, a->rn, IR_IMM, a->imm);
}
