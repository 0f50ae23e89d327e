/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Scalar floating point: conversions, moves from and to general registers, immediates.
 * tags: guest/a64 - FCVT, SCVTF, FMOV
 */
#include "guest/a64/simd.h"
#include "jit/ir/softfloat.h"

A64_TRANS(FCVT_f, fcvt)
{
	a64_emit(l, IR_FCVT, simd_fp(a->to), 0, (unsigned)a->rd, (unsigned)a->rn, IR_NONE,
		 simd_fp(a->size), 0);
	return true;
}

A64_TRANS(FCVT_to_gpr, fcvt_gpr)
{
	a64_emit(l, IR_FTOI, a64_ty(a->sf), simd_sign(a->u), a64_zr(a->rd), (unsigned)a->rn,
		 IR_NONE, simd_fp(a->size), a->mode | a->fbits << 8);
	return true;
}

A64_TRANS(CVTF_from_gpr, fcvt_gpr)
{
	a64_emit(l, IR_ITOF, simd_fp(a->size), simd_sign(a->u), (unsigned)a->rd,
		 a64_zr(a->rn), IR_NONE, a64_ty(a->sf), a->fbits);
	return true;
}

A64_TRANS(FMOV_to_gpr, fmov_gpr)
{
	simd_lane(l, IR_VGET, simd_int(a->size), 0, a64_zr(a->rd), (unsigned)a->rn, 0);
	return true;
}

A64_TRANS(FMOV_from_gpr, fmov_gpr)
{
	if (a->rn == 31) {
		simd_2(l, IR_VIMM, IR_I64, 0, (unsigned)a->rd, IR_NONE, 0);
	} else if (a->size == 1) {
		a64_ext(l, IR_I64, IR_T0, (unsigned)a->rn, IR_UXTH);
		simd_2(l, IR_VFROM, IR_I32, 0, (unsigned)a->rd, IR_T0, 0);
	} else {
		simd_2(l, IR_VFROM, simd_int(a->size), 0, (unsigned)a->rd, (unsigned)a->rn, 0);
	}
	return true;
}

A64_TRANS(FJCVTZS, rn_rd)
{
	a64_emit(l, IR_FJCVT, IR_I32, 0, a64_zr(a->rd), (unsigned)a->rn, IR_NONE, IR_NONE, 0);
	return true;
}

A64_TRANS(FMOV_high_to_gpr, rn_rd)
{
	simd_lane(l, IR_VGET, IR_I64, 0, a64_zr(a->rd), (unsigned)a->rn, 1);
	return true;
}

A64_TRANS(FMOV_high_from_gpr, rn_rd)
{
	simd_lane(l, IR_VINS, IR_I64, IRF_Q, (unsigned)a->rd, a64_zr(a->rn), 1);
	return true;
}

/* A number of 1 sign, 3 exponent and 4 fraction bits as a number of that size. */
static uint64_t expand_imm(int size, uint64_t imm8)
{
	uint64_t sign = imm8 >> 7, low = imm8 & 0x3f, b = imm8 >> 6 & 1;

	if (size == 1)
		return sign << 15 | (b ? 3ull : 4ull) << 12 | low << 6;
	if (size == 2)
		return sign << 31 | (b ? 0x1full : 0x20ull) << 25 | low << 19;
	return sign << 63 | (b ? 0xffull : 0x100ull) << 54 | low << 48;
}

A64_TRANS(FMOV_f_imm, fmov_imm)
{
	simd_2(l, IR_VIMM, IR_I64, 0, (unsigned)a->rd, IR_NONE,
	       (int64_t)expand_imm(a->size, (unsigned)a->imm8));
	return true;
}

A64_TRANS(FMOV_v_imm_h, vfmov_imm)
{
	simd_imm(l, a->q ? IRF_Q : 0, (unsigned)a->rd, 1, expand_imm(1, (unsigned)a->imm8));
	return true;
}
