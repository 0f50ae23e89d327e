/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Scalar floating point: arithmetic, comparison, selection.
 * tags: guest/a64 - FADD, FMADD, FCMP, FCSEL, FRINT
 */
#include "guest/a64/simd.h"
#include "jit/ir/softfloat.h"

static bool one(struct a64_lift *l, const struct a64_arg_f1 *a, enum ir_op op)
{
	simd_2(l, op, simd_fp(a->size), 0, (unsigned)a->rd, (unsigned)a->rn, 0);
	return true;
}

A64_TRANS(FMOV_f, f1)
{
	simd_lane(l, IR_VLANE, simd_int(a->size), 0, (unsigned)a->rd, (unsigned)a->rn, 0);
	return true;
}

A64_TRANS(FABS_f, f1)
{
	if (a->size == 1) {
		simd_imm(l, IRF_Q, VT0, 3, 0x7fff);
		simd_3(l, IR_VAND, IR_I64, 0, (unsigned)a->rd, (unsigned)a->rn, VT0);
		return true;
	}
	return one(l, a, IR_FABS);
}

A64_TRANS(FNEG_f, f1)
{
	if (a->size == 1) {
		simd_imm(l, IRF_Q, VT0, 3, 0x8000);
		simd_lane(l, IR_VLANE, IR_I16, 0, VT1, (unsigned)a->rn, 0);
		simd_3(l, IR_VXOR, IR_I64, 0, (unsigned)a->rd, VT1, VT0);
		return true;
	}
	return one(l, a, IR_FNEG);
}

A64_TRANS(FSQRT_f, f1)
{
	return one(l, a, IR_FSQRT);
}

static bool two(struct a64_lift *l, const struct a64_arg_f2 *a, enum ir_op op)
{
	simd_3(l, op, simd_fp(a->size), 0, (unsigned)a->rd, (unsigned)a->rn,
	       (unsigned)a->rm);
	return true;
}

A64_TRANS(FADD_f, f2)
{
	return two(l, a, IR_FADD);
}

A64_TRANS(FSUB_f, f2)
{
	return two(l, a, IR_FSUB);
}

A64_TRANS(FMUL_f, f2)
{
	return two(l, a, IR_FMUL);
}

A64_TRANS(FDIV_f, f2)
{
	return two(l, a, IR_FDIV);
}

A64_TRANS(FMAX_f, f2)
{
	return two(l, a, IR_FMAX);
}

A64_TRANS(FMIN_f, f2)
{
	return two(l, a, IR_FMIN);
}

A64_TRANS(FMAXNM_f, f2)
{
	return two(l, a, IR_FMAXNM);
}

A64_TRANS(FMINNM_f, f2)
{
	return two(l, a, IR_FMINNM);
}

A64_TRANS(FNMUL_f, f2)
{
	unsigned ty = simd_fp(a->size);

	simd_3(l, IR_FMUL, ty, 0, VT0, (unsigned)a->rn, (unsigned)a->rm);
	simd_2(l, IR_FNEG, ty, 0, (unsigned)a->rd, VT0, 0);
	return true;
}

A64_TRANS(FMADD_f, f3)
{
	a64_emit(l, IR_FMA, simd_fp(a->size), 0, (unsigned)a->rd, (unsigned)a->rn,
		 (unsigned)a->rm, (unsigned)a->ra, a->negp | a->nega << 1);
	return true;
}

A64_TRANS(FCMP_f, fcmp)
{
	a64_emit(l, IR_FCMP, simd_fp(a->size), 0, IR_NONE, (unsigned)a->rn,
		 a->zero ? IR_ZERO : (unsigned)a->rm, IR_NONE, a->e);
	return true;
}

A64_TRANS(FCCMP_f, fccmp)
{
	a64_emit(l, IR_FCCMP, simd_fp(a->size), 0, IR_NONE, (unsigned)a->rn, (unsigned)a->rm,
		 (unsigned)(a->cond | a->nzcv << 4), a->e);
	return true;
}

A64_TRANS(FCSEL_f, fcsel)
{
	if (a->size == 1) {
		/* what else there is in the word goes afterwards */
		a64_emit(l, IR_FCSEL, IR_F32, 0, VT0, (unsigned)a->rn, (unsigned)a->rm,
			 (unsigned)a->cond, 0);
		simd_lane(l, IR_VLANE, IR_I16, 0, (unsigned)a->rd, VT0, 0);
		return true;
	}
	a64_emit(l, IR_FCSEL, simd_fp(a->size), 0, (unsigned)a->rd, (unsigned)a->rn,
		 (unsigned)a->rm, (unsigned)a->cond, 0);
	return true;
}

/* The tables' mode 7 (FRINTI) is FPCR's without reporting Inexact. */
static int64_t round_mode(int mode)
{
	return mode == 7 ? FP_ROUND_CURRENT : mode;
}

A64_TRANS(FRINT_f, frint)
{
	simd_2(l, IR_FRINT, simd_fp(a->size), 0, (unsigned)a->rd, (unsigned)a->rn,
	       round_mode(a->mode));
	return true;
}

A64_TRANS(FRINTTS_f, frintts)
{
	int mode = a->x ? FP_ROUND_CURRENT : FP_ROUND_ZERO;

	simd_2(l, IR_FRINT, simd_fp(a->size), 0, (unsigned)a->rd, (unsigned)a->rn,
	       mode | a->bits << 8);
	return true;
}
